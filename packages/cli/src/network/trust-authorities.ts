import { readFileSync } from "node:fs";
import tls from "node:tls";

/** As much of `process` as {@link trustAuthorities} needs. */
export type TrustingProcess = Pick<NodeJS.Process, "env" | "execArgv">;

/** The variables with which other programs are given authorities, each the path of a file with certificates (PEM). */
const variables = ["SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] as const;

/**
 * Trusts the authorities that these variables name, beside those that Node trusts anyway, in all connections of this process.
 *
 * @returns sentences on what could not be used.
 */
export function trustAuthorities({ env, execArgv }: TrustingProcess): readonly string[] {
  const files = new Map<string, string>();
  for (const name of variables) {
    const file = env[name] ?? "";
    if (file !== "" && file !== env.NODE_EXTRA_CA_CERTS && !files.has(file)) files.set(file, name);
  }
  // OpenSSL's own store reads SSL_CERT_FILE, and Node cannot add to it.
  const isOpenSsl = [env.NODE_OPTIONS ?? "", ...execArgv].some((text) => text.includes("--use-openssl-ca"));
  if (files.size === 0 || isOpenSsl) return [];
  if (tls.setDefaultCACertificates === undefined) {
    const names = [...files.values()].join(", ");
    return [
      `${names}: Node ${process.versions.node} cannot use it, 22.19, 24.5 and newer ones can; NODE_EXTRA_CA_CERTS works here`,
    ];
  }
  const problems: string[] = [];
  const trusted = [...tls.getCACertificates("default")];
  for (const [file, name] of files) {
    try {
      const text = readFileSync(file, "utf8");
      if (!text.includes("-----BEGIN CERTIFICATE-----")) throw new Error("it holds no certificate (PEM)");
      tls.setDefaultCACertificates([...trusted, text]);
      trusted.push(text);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      problems.push(`the authorities that ${name} names are not trusted: ${file}: ${problem}`);
    }
  }
  return problems;
}
