/** The software bill of materials of the bundle, in CycloneDX's JSON. */
import CycloneDX from '@cyclonedx/cyclonedx-library';

const { Contrib, Enums, Models, Serialize, Spec } = CycloneDX;
const licences = new Contrib.License.Factories.LicenseFactory();
const builder = new Contrib.FromNodePackageJson.Builders.ComponentBuilder(
  new Contrib.FromNodePackageJson.Factories.ExternalReferenceFactory(),
  licences,
);

/**
 * @param packages of `bundledPackages`
 * @param product contents of the package.json of the product
 * @returns JSON without a time or a serial number: the same for the same bundle
 */
export function billOfMaterials(packages, product) {
  const bom = new Models.Bom();
  const application = component(product, Enums.ComponentType.Application);
  bom.metadata.component = application;
  for (const { manifest } of packages) {
    const library = component(manifest, Enums.ComponentType.Library);
    bom.components.add(library);
    application.dependencies.add(library.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component(manifest, type) {
  const made = builder.makeComponent(manifest, type);
  made.purl = `pkg:npm/${manifest.name.replace('@', '%40')}@${manifest.version}`;
  made.bomRef.value = made.purl;
  return made;
}
