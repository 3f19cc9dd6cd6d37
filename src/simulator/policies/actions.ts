import { vendorFault } from './faults.ts';

/** `*`, or a vendor without wildcards, one colon and the name of an action. */
export function actionFault(action: string, kind: string): string | undefined {
  const [vendor = '', ...names] = action.split(':');
  if (action === '*') return undefined;
  if (vendor === '' || names.length === 0) return vendorFault;
  if (names.length > 1) return 'Actions/Condition can contain only one colon.';
  if (vendor !== '*' && !/^[a-zA-Z0-9.-]+$/.test(vendor)) return `Vendor ${vendor} is not valid`;
  if (kind !== 'trust' || vendor.toLowerCase() === 'sts') return undefined;
  return 'AssumeRole policy may only specify STS AssumeRole actions.';
}
