/** An AWS that does not keep tests waiting: options of the simulator and of the operator. */
import type { SimulatorOptions } from '../../../src/simulator/options.ts';

/** What takes AWS minutes is over in a third of a second, and no call is one too many. */
export const quickAws: SimulatorOptions = {
  pendingMs: 300,
  deletingMs: 300,
  tombstoneMs: 300,
  throttling: false,
};

/** Endpoints are made as fast as can be: for tests that are not about AWS's call rates. */
export const unlimitedEndpoints = '--aws-call-rate=ec2:CreateVpcEndpoint=1000/1000';
