/** A row of the dialog's table: what the flow calls a carrier, and the channel's code for it. */
export interface CarrierRow {
  name: string;
  code: string;
}

/** The channel's code of a carrier; the name itself where the table does not know it. */
export function channelCarrier(name: string, rows: readonly CarrierRow[] | undefined): string {
  const wanted = name.trim().toLowerCase();
  const row = rows?.find((one) => one.name.trim().toLowerCase() === wanted);
  return row?.code.trim() || name.trim();
}
