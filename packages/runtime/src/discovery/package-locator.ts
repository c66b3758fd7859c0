/** A package on disk. */
export interface InstalledPackage {
  /** The name under which it is installed. */
  readonly name: string;
  /** Real path, or the path itself if it leads nowhere. */
  readonly directory: string;
}

/** Finds installed packages from the app root. */
export interface PackageLocator {
  /** The package that `import` of this name in the app root would find, or `undefined`. */
  locate(packageName: string): InstalledPackage | undefined;
  /** Every package that can be seen from the app root: nearest directory first, then in code-unit order. */
  all(): readonly InstalledPackage[];
}
