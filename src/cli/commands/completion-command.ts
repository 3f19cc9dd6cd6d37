import { Argument, type Command } from 'commander';
import { type Shell, shells } from '../completion/completion-script.ts';

/** Adds `completion`, after all other commands: it knows those that are there. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .description('print the script that completes commands, flags, choices and files in a shell')
    .addHelpText(
      'after',
      '\nbash, zsh: source <(sagemaker-privatelink completion bash)\nfish: sagemaker-privatelink completion fish | source',
    )
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion/completion-script.ts');
      process.stdout.write(completionScript(program, shell));
    });
}
