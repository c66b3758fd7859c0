/** Why BigQuery did not do what it was asked to. */
export interface Refusal {
  /** BigQuery's word for it, for example `accessDenied`. */
  readonly reason: string;
  readonly message: string;
}
