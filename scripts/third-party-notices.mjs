/** The licences of everything in the bundle, as they have to go with it. */

/**
 * @param packages of `bundledPackages`
 * @returns plain text; packages of one licence text share it
 */
export function thirdPartyNotices(packages) {
  const texts = [...new Set(packages.map(({ text }) => text))];
  const parts = texts.map((text) => {
    const sharing = packages.filter((one) => one.text === text);
    const names = sharing.map(({ id, licence }) => `${id} (${licence})`);
    return `${names.join('\n')}\n\n${text}`;
  });
  const head = `sagemaker-privatelink contains code of these ${packages.length} packages.`;
  return `${[head, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
