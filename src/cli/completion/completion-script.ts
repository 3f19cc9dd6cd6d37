/** Completion of commands, flags, choices and files for shells, from the commands themselves. Pure. */
import type { Argument, Command, Option } from 'commander';

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

/** Values that may follow a flag or stand as an argument. */
type Values =
  | { readonly kind: 'Words'; readonly words: readonly string[] }
  | { readonly kind: 'Files' }
  /** Names, addresses and numbers, which the shell cannot know. */
  | { readonly kind: 'Unknown' };

function valuesOf(choices: readonly string[] | undefined, isFile: boolean): Values {
  if (choices !== undefined) return { kind: 'Words', words: choices };
  return isFile ? { kind: 'Files' } : { kind: 'Unknown' };
}

/** Undefined for a flag that takes no value. */
function valuesOfOption({ argChoices, required, optional, flags }: Option): Values | undefined {
  if (!required && !optional) return undefined;
  return valuesOf(argChoices, flags.includes('file>'));
}

/** Of the first argument; undefined for a command without one. */
function valuesOfArgument({ registeredArguments }: Command): Values | undefined {
  const [first]: readonly Argument[] = registeredArguments;
  return first === undefined
    ? undefined
    : valuesOf(first.argChoices, first.name().endsWith('file'));
}

function visible({ options }: Command): readonly Option[] {
  return options.filter(({ hidden }) => !hidden);
}

function flagsOf(command: Command): readonly string[] {
  return [...visible(command).flatMap(({ long }) => long ?? []), '--help'];
}

/** Assignments of bash: the words to choose from, or that files are meant. */
function assigned(values: Values): string {
  if (values.kind === 'Words') return `words='${values.words.join(' ')}'`;
  return values.kind === 'Files' ? 'files=1' : ':';
}

function bashCase(command: Command): string {
  const flags = visible(command).flatMap((option) => {
    const values = valuesOfOption(option);
    const names = [option.short, option.long].filter(Boolean).join('|');
    return values === undefined ? [] : [`        ${names}) ${assigned(values)} ;;`];
  });
  const argument = valuesOfArgument(command);
  const hasArgument = argument !== undefined && argument.kind !== 'Unknown';
  const ownFlags = `words='${flagsOf(command).join(' ')}'`;
  return [
    `    ${command.name()})`,
    '      case "$before" in',
    ...flags,
    ...(hasArgument
      ? [`        *) case "$word" in -*) ${ownFlags} ;; *) ${assigned(argument)} ;; esac ;;`]
      : [`        *) ${ownFlags} ;;`]),
    '      esac ;;',
  ].join('\n');
}

/** bash takes `--output=json` apart into three words. */
function bashScript(program: Command): string {
  const names = program.commands.map((command) => command.name());
  return `_sagemaker_privatelink() {
  local at=$COMP_CWORD word before words='' files=''
  word="\${COMP_WORDS[at]}"
  if [ "$word" = '=' ]; then word=''; else at=$((at - 1)); fi
  if [ "\${COMP_WORDS[at]}" = '=' ]; then at=$((at - 1)); fi
  before="\${COMP_WORDS[at]}"
  case "\${COMP_WORDS[1]}" in
${program.commands.map(bashCase).join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    files=''
    case "$word" in
      -*) words='${flagsOf(program).join(' ')}' ;;
      *) words='${names.join(' ')}' ;;
    esac
  fi
  if [ -n "$files" ]; then
    local IFS=$'\\n'
    # Adds a slash to folders and quotes blanks; shells without it do without that.
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}
complete -F _sagemaker_privatelink ${programs.join(' ')}
`;
}

function fishScript(program: Command): string {
  const lines = programs.flatMap((name) => [
    ...program.commands.map(
      (command) =>
        `complete -c ${name} -n __fish_use_subcommand -f -a ${command.name()} -d ${quoted(command.description())}`,
    ),
    ...program.commands.flatMap((command) => fishLines(name, command)),
  ]);
  return `${lines.join('\n')}\n`;
}

function fishLines(name: string, command: Command): readonly string[] {
  const start = `complete -c ${name} -n ${quoted(`__fish_seen_subcommand_from ${command.name()}`)}`;
  return [
    `${start}${fishValues(valuesOfArgument(command) ?? { kind: 'Unknown' }, '-f')}`,
    ...visible(command).map((option) => {
      const short = option.short === undefined ? '' : ` -s ${option.short.slice(1)}`;
      const values = valuesOfOption(option);
      const value = values === undefined ? '' : fishValues(values, '-x');
      return `${start}${short} -l ${(option.long ?? '').slice(2)}${value} -d ${quoted(option.description)}`;
    }),
  ];
}

/** @param noFiles the flag of fish for words alone: `-f` of an argument, `-x` of a flag's value */
function fishValues(values: Values, noFiles: '-f' | '-x'): string {
  if (values.kind === 'Files') return noFiles === '-x' ? ' -r -F' : ' -F';
  return values.kind === 'Words'
    ? ` ${noFiles} -a ${quoted(values.words.join(' '))}`
    : ` ${noFiles}`;
}

/** A word of fish: within single quotes only these two have a meaning. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
