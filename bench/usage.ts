/** The text of `npm run bench -- --help`. */
export const usage = `npm run bench -- [options]: figures, never assertions. --json prints them as one line of JSON.

--scenario links, the default: the shipped program in real time, with a real API server
  [--links 20] [--vpcs 1] [--backend moto|simulator] [--aws-rates published|off] [--sweeps 3]
--scenario burst: all links edited at once, with the memory that is shipped
  [--links 20] [--node PATH] [--node-options OPTIONS]
--scenario idle: nothing happens at many links, with the same memory
  [--links 20] [--node PATH] [--node-options OPTIONS]
--scenario clients: what namespaces cost in the cluster
  [--namespaces 500] [--burst 100]
--scenario failover: until the place of a killed replica goes on, in virtual time
  [--links 20]
--scenario looks: how long it takes to answer one link beside the others
  [--links 20]
--scenario storm|steady|drift|delete|restart|edit: the operator in virtual time on a simulated AWS with AWS's
  published call rates, endpoints pending and deleting for a minute, two endpoints and a group a link
  [--links 20] [--sweep-interval 10m]
  [--links 20,50,100 --svg FILE]: each number in its turn, and a chart of the figures
--scenario all: each of them in its turn, with its name; 20 links take about ten minutes
  [the options of all but --svg]

Figures in virtual time; seconds are virtual where nothing else is said:
  seconds               until the end of the scenario
  ratioToLimit          storm: seconds ÷ those of AWS's bucket for the endpoints, and a minute
  ratioToFloor          delete: the same with 25 endpoints a call
  availableToReady...   storm: from AWS being done with a link's last endpoint to Ready True: the median (P50),
                        99 of 100 links (P99) and the slowest (Max)
  throttled             calls that AWS refused with RequestLimitExceeded
  calls, callsPerLink   to AWS, all of the scenario; byAction has them by action
  readsPerSweep         steady: calls in the time in which each link has one pass
  passesPerLink         all passes; passesToReadyPerLink those of links that were not Ready
  statusWritesPerLink   updates of a status; kubernetesWrites has all writes but Events
  eventsPerLink         writes of Events
  wallSeconds, cpuSeconds, rssMiB   of this process, simulation included, in real time
`;
