/** Completion of commands, flags and choices for shells, from the commands themselves. Pure. */
import type { Command, Option } from 'commander';

/** Shells with a completion. zsh reads bash's. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Names under which the program is found on a path. */
const programs = ['sagemaker-privatelink', 'kubectl-smpl'] as const;

/** A script that the shell reads at its start. */
export function completionScript(program: Command, shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bashScript(program);
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(program)}`;
    case 'fish':
      return fishScript(program);
  }
}

function commandsOf(program: Command): readonly Command[] {
  return program.commands;
}

function flagsOf({ options }: Command): readonly string[] {
  const flags = options.filter(({ hidden }) => !hidden);
  return [...flags.flatMap(({ long }) => long ?? []), '--help'];
}

/** The flags of a command whose values are known. */
function choicesOf({
  options,
}: Command): readonly { readonly option: Option; readonly values: readonly string[] }[] {
  return options.flatMap((option) =>
    option.argChoices === undefined ? [] : [{ option, values: option.argChoices }],
  );
}

function bashScript(program: Command): string {
  const names = commandsOf(program).map((command) => command.name());
  const cases = commandsOf(program).map((command) => {
    const choices = choicesOf(command).map(
      ({ option, values }) =>
        `        ${[option.short, option.long].filter(Boolean).join('|')}) words='${values.join(' ')}' ;;`,
    );
    return [
      `    ${command.name()})`,
      '      case "$before" in',
      ...choices,
      `        *) words='${flagsOf(command).join(' ')}' ;;`,
      '      esac ;;',
    ].join('\n');
  });
  return `_sagemaker_privatelink() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words='${names.join(' ')}'; fi
  # Everything else is a file or a name that nobody knows here.
  case "$word" in
    -*|'') COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word")) ;;
  esac
}
complete -F _sagemaker_privatelink ${programs.join(' ')}
`;
}

function fishScript(program: Command): string {
  const lines = programs.flatMap((name) => [
    ...commandsOf(program).map(
      (command) =>
        `complete -c ${name} -n __fish_use_subcommand -f -a ${command.name()} -d ${quoted(command.description())}`,
    ),
    ...commandsOf(program).flatMap((command) =>
      command.options
        .filter(({ hidden }) => !hidden)
        .map(({ long, description, argChoices, required }) => {
          const values = argChoices === undefined ? '' : ` -x -a ${quoted(argChoices.join(' '))}`;
          const value = argChoices === undefined && required ? ' -r' : '';
          return `complete -c ${name} -n ${quoted(`__fish_seen_subcommand_from ${command.name()}`)} -l ${(long ?? '').slice(2)}${values}${value} -d ${quoted(description)}`;
        }),
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

/** A word of fish: within single quotes only these two have a meaning. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
