/** The faults of this field, by the numbers under which reports and tests name them. */
import { type FaultKind, faultsAmongOthers } from './faults.ts';

export interface KnownFault {
  readonly what: string;
  /** Kinds of faults of the enumeration that are cases of it at each call. */
  readonly kinds?: readonly FaultKind[];
}

export const faultList = {
  F1: { what: 'the process dies at any call', kinds: ['crash-before', 'crash-after'] },
  F2: {
    what: 'a call takes effect and its answer is lost',
    kinds: ['lost', 'timeout-after', 'error-after', 'garbled'],
  },
  F3: {
    what: 'the process dies at any write to Kubernetes',
    kinds: ['crash-before', 'crash-after', 'lost', 'error'],
  },
  F4: {
    what: 'the watch and the connection to the API server break',
    kinds: ['watch-expired', 'watch-silent', 'watch-cut', 'watch-repeated', 'watch-lossy'],
  },
  F5: { what: 'AWS answers with what was before', kinds: ['stale'] },
  F6: {
    what: 'Kubernetes answers with what was before, or conflicts',
    kinds: ['stale', 'conflict'],
  },
  F7: { what: 'a call succeeds for a part of what it was for' },
  F8: { what: 'something is in the way of a deletion' },
  F9: { what: 'AWS throttles for minutes', kinds: ['throttle'] },
  F10: { what: 'AWS takes long' },
  F11: { what: 'an endpoint ends in a state that it does not leave' },
  F12: { what: 'somebody changes AWS behind the operator' },
  F13: {
    what: 'places change hands, also against the will of their owner',
    kinds: faultsAmongOthers,
  },
  F14: { what: 'clocks are wrong, jump, and run at different rates' },
  F15: { what: 'every field is set, changed and taken away, in any order' },
  F16: { what: 'a spec is invalid' },
  F17: { what: 'permissions and credentials are missing', kinds: ['deny'] },
  F18: { what: 'a quota is reached, addresses run out' },
  F19: { what: 'two links want the same' },
  F20: { what: 'the process is asked to end at any call', kinds: ['terminate'] },
  F21: { what: 'a link is deleted before, during and without work' },
  F22: { what: 'what is needed is there already, with another owner or none' },
  F23: { what: 'AWS answers with what nobody expects', kinds: ['garbled'] },
  F24: { what: 'another version of the operator takes over' },
  F25: { what: 'many links, and for long' },
  F26: { what: 'secrets come near logs, events and statuses' },
} as const satisfies Readonly<Record<string, KnownFault>>;

export type FaultId = keyof typeof faultList;
