import { bigquerySuite } from "./bigquery/bigquery-suite.ts";
import { browserSuite } from "./browser/browser-suite.ts";
import { clientsSuite } from "./clients/clients-suite.ts";
import { conformanceSuite } from "./conformance/conformance-suite.ts";
import { driftSuite } from "./drift/drift-suite.ts";
import { flyte1Suite } from "./flyte1/flyte1-suite.ts";
import type { Suite } from "./harness/suite.ts";
import { propellerSuite } from "./propeller/propeller-suite.ts";
import { pythonTasksSuite } from "./python-tasks/python-tasks-suite.ts";
import { flytekitSuite, flyteSdkSuite } from "./twins/twin-suites.ts";
import { valuesSuite } from "./values/values-suite.ts";

/** Every suite, in the order of the table. */
export const suites: readonly Suite[] = [
  propellerSuite,
  flyte1Suite,
  flytekitSuite,
  flyteSdkSuite,
  bigquerySuite,
  valuesSuite,
  pythonTasksSuite,
  conformanceSuite,
  clientsSuite,
  browserSuite,
  driftSuite,
];
