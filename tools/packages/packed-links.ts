import { posix } from "node:path";

/** Where a page will be read. */
export interface PackedPlace {
  /** Directory of the package in the repository, for example `packages/sdk`. */
  readonly directory: string;
  /** The pages of docs/ that are packed too, under the same names. */
  readonly pages: readonly string[];
  /** Address of the repository. */
  readonly repository?: string;
}

/** The pages of docs/ that a README points to, as paths from the root of the repository. */
export function linkedPages(readme: string, directory: string): readonly string[] {
  const targets = [...readme.matchAll(link)].flatMap(([, , target = ""]) => targetOf(target, directory)?.path ?? []);
  return [...new Set(targets.filter((path) => path.startsWith("docs/") && path.endsWith(".md")))];
}

/**
 * Rewrites the links of a page so that they work where it is packed: what is in the package by its path there, what is not by its
 * address, and while the repository has none, by its words alone.
 *
 * @param page path of the page in the repository
 */
export function packedLinks(text: string, page: string, { directory, pages, repository }: PackedPlace): string {
  const isReadme = page === `${directory}/README.md`;
  return text.replaceAll(link, (whole, words: string, target: string) => {
    const found = targetOf(target, posix.dirname(page));
    if (found === undefined) return whole;
    const { path, hash } = found;
    if (repository !== undefined) return `[${words}](${repository}/blob/HEAD/${path}${hash})`;
    if (!pages.includes(path)) return words;
    const from = isReadme ? "." : posix.dirname(page);
    return `[${words}](${posix.relative(from, path)}${hash})`;
  });
}

/** `[words](target)`; no page has brackets within the words of a link. */
const link: RegExp = /\[([^\]\n]+)\]\(([^)\s]+)\)/g;

/** The path from the root of the repository that a relative link means; `undefined` for an address and a place in the page itself. */
function targetOf(target: string, from: string): { readonly path: string; readonly hash: string } | undefined {
  if (target.startsWith("#") || URL.canParse(target)) return undefined;
  const [path = "", hash] = target.split("#");
  return { path: posix.join(from, path), hash: hash === undefined ? "" : `#${hash}` };
}
