/** One record per sample, sorted by sample id (code units); the last of several counts. */
export function lastBySample<Record extends { readonly sampleId: string }>(records: Iterable<Record>): Record[] {
  const bySample = new Map<string, Record>();
  for (const record of records) bySample.set(record.sampleId, record);
  return [...bySample.values()].sort((a, b) => (a.sampleId < b.sampleId ? -1 : 1));
}
