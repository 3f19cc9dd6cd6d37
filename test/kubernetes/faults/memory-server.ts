import { createBoundary } from '../../../faults/boundary.ts';
import { createConnection } from '../../../faults/cluster/api-connection.ts';
import { createCollection } from '../../../faults/cluster/api-server.ts';
import { newLife } from '../../../faults/process-life.ts';
import { createVirtualTime } from '../../../faults/virtual-time.ts';

/** The harness's API server with one collection, as one of its processes reaches it without a fault. */
export function memoryServer(plural: string) {
  const time = createVirtualTime();
  const nothing = (): void => undefined;
  const boundary = createBoundary({
    time,
    faultAt: nothing as () => undefined,
    onCall: nothing,
    onCrash: nothing,
    onTerminate: nothing,
    onJoin: nothing,
    onUnlease: nothing,
    onEffect: nothing,
  });
  const collection = createCollection({
    wallTime: () => new Date(time.now()),
    withDefaults: (object) => object,
  });
  const connection = createConnection({
    life: newLife('tester'),
    boundary,
    time,
    collections: { [plural]: collection },
    watches: new Set(),
  });
  return { collection, connection };
}
