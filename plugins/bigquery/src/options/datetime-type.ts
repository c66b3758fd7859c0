/** BigQuery's types for a DATETIME of Flyte. */
export const datetimeTypes = ["DATETIME", "TIMESTAMP", "DATE"] as const;

/** One of {@link datetimeTypes}. */
export type DatetimeType = (typeof datetimeTypes)[number];
