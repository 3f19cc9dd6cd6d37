import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { DurationOption } from '../../../../src/cli/flags/duration-option.ts';
import { addOperatorOptions, operatorFlags } from '../../../../src/cli/operator-options.ts';

const durations = operatorFlags().filter((flag) => flag instanceof DurationOption);

/** What the operator's flags come to; `--help` and mistakes throw. */
function parsed(...flags: readonly string[]): Readonly<Record<string, unknown>> {
  const quiet = new Command().configureOutput({ writeErr: () => undefined });
  return addOperatorOptions(quiet).exitOverride().parse(flags, { from: 'user' }).opts();
}

test.each(durations.map((flag) => [flag.long ?? '', flag.attributeName()]))(
  '%s takes a duration, and its former name seconds, into %s',
  (flag, name) => {
    expect(parsed(flag, '1h30m')).toEqual({ ...parsed(), [name]: 5_400_000 });
    expect(parsed(`${flag}-seconds=7`)).toEqual({ ...parsed(), [name]: 7_000 });
    expect(parsed(`${flag}-seconds`, '7', flag, '8s')[name]).toBe(8_000);
    for (const wrong of [
      [flag, '7'],
      [flag, '0s'],
      [`${flag}-seconds`, '7s'],
      [`${flag}-seconds`, '0'],
    ]) {
      expect(() => parsed(...wrong)).toThrow();
    }
  },
);

test('the help has the flags of durations and not their former names', () => {
  const help = addOperatorOptions(new Command()).helpInformation();
  expect(durations).toHaveLength(14);
  for (const { long } of durations) expect(help).toContain(`${long} <duration>`);
  expect(help).not.toContain('-seconds');
});

test('a lease lasts whole seconds: the API server has no others', () => {
  expect(() => parsed('--lease-duration=1500ms')).toThrow(/whole seconds/);
});

test('a flag that sets a timer is at most as long as timers go', () => {
  const command = new Command()
    .configureOutput({ writeErr: () => undefined })
    .exitOverride()
    .addOption(new DurationOption('--timeout', 'how long', { usual: '15m' }));
  expect(command.parse(['--timeout', '596h'], { from: 'user' }).opts()).toEqual({
    timeoutMs: 2_145_600_000,
  });
  expect(() => command.parse(['--timeout', '597h'], { from: 'user' })).toThrow(/at most 596h/);
});
