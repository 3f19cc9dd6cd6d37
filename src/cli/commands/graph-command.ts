import { type Command, Option } from 'commander';
import type { Topology } from '../../topology/topology.ts';
import { addReadLinksOptions, readLinks, type ReadLinksOptions } from '../read-links.ts';
import { shutdownSignal } from '../signals.ts';
import { UserError } from '../../runtime/user-error.ts';

type Form = 'mermaid' | 'dot' | 'svg';

interface GraphOptions extends ReadLinksOptions {
  readonly output: Form;
}

/** Adds `graph`: one link as a picture, from its status alone. */
export function addGraphCommand(program: Command): void {
  const command = program
    .command('graph')
    .argument('[link]', 'name of the link; optional if there is only one')
    .description('draw a link: VPC, zones, endpoints, group, policy, namespaces; reads its status')
    .addOption(
      new Option('-o, --output <form>', 'Mermaid, Graphviz, or a picture that needs neither')
        .choices(['mermaid', 'dot', 'svg'] satisfies readonly Form[])
        .default('mermaid'),
    )
    .addHelpText('after', help);
  addReadLinksOptions(command).action(async (name: string | undefined, options: GraphOptions) => {
    const links = await readLinks(name === undefined ? [] : [name], options, shutdownSignal());
    const [link, ...others] = links;
    if (link === undefined) throw new UserError('there are no links to draw');
    if (others.length > 0) {
      const there = links.map((one) => one.name).join(', ');
      throw new UserError(`a picture has one link, and there are ${there}: name one`);
    }
    const { linkTopology } = await import('../../topology/link-topology.ts');
    process.stdout.write(await drawn(linkTopology(link), options.output));
  });
}

const help = `
Broken and foreign parts are red. Exit code: 0 drawn, 1 error.`;

async function drawn(topology: Topology, form: Form): Promise<string> {
  switch (form) {
    case 'mermaid':
      return (await import('../../topology/render/mermaid.ts')).mermaidText(topology);
    case 'dot':
      return (await import('../../topology/render/dot.ts')).dotText(topology);
    case 'svg':
      return (await import('../../topology/render/svg.ts')).svgText(topology);
  }
}
