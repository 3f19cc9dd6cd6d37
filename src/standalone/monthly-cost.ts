/** An estimate of what a link's endpoints cost. Pure. */

/** Prices in US dollars, without tax. */
export interface Prices {
  /**
   * Of an endpoint in one zone for one hour. AWS has a price for each region; 0.01 is that of
   * us-east-1 and the lowest (https://aws.amazon.com/privatelink/pricing/).
   */
  readonly endpointHour: number;
  /** Of a gigabyte that an endpoint processes, of the first petabyte in a month. */
  readonly gigabyte: number;
  /** Gigabytes in a month, of all endpoints of a link. */
  readonly gigabytes: number;
}

export const usualPrices: Prices = { endpointHour: 0.01, gigabyte: 0.01, gigabytes: 0 };

/** Hours of a month, as AWS's own estimates count them. */
const hours = 730;

export interface MonthlyCost {
  /** Always true: nobody asked AWS for prices. */
  readonly isEstimate: true;
  readonly currency: 'USD';
  /** Endpoints, each counted once for every zone that it is in. */
  readonly endpointZones: number;
  readonly prices: Prices;
  /** In US dollars, rounded to cents. Groups and policies cost nothing. */
  readonly monthly: number;
}

/** The cost of so many endpoints in zones, when everything is as the spec says. */
export function monthlyCost(endpointZones: number, prices: Prices): MonthlyCost {
  const { endpointHour, gigabyte, gigabytes } = prices;
  const sum = endpointZones * hours * endpointHour + gigabytes * gigabyte;
  const monthly = Math.round(sum * 100) / 100;
  return { isEstimate: true, currency: 'USD', endpointZones, prices, monthly };
}

/** The estimate in one sentence. */
export function costWords({ endpointZones, prices, monthly }: MonthlyCost): string {
  const { endpointHour, gigabyte, gigabytes } = prices;
  // An endpoint is billed for every zone that it is in.
  const zones = `${endpointZones} ${endpointZones === 1 ? 'endpoint zone' : 'endpoint zones'}`;
  const data = gigabytes === 0 ? ', without data' : `, and ${gigabytes} GB at $${gigabyte}`;
  return `Estimated cost: about $${monthly.toFixed(2)} a month (${zones} x ${hours} h x $${endpointHour}${data}).`;
}
