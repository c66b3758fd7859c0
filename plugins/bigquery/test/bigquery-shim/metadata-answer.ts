import type { AccessTokens } from "./access-tokens.ts";
import { type Answer, jsonAnswer } from "./answer.ts";

/**
 * An answer of the metadata server of a machine or pod in Google's cloud, which is where workload identity on GKE gets its tokens.
 * Google's libraries look for it at `GCE_METADATA_HOST`.
 */
export function metadataAnswer({
  item,
  isAsked,
  tokens,
  projectId,
}: {
  /** Path below `/computeMetadata/v1/`. */
  item: string;
  /** Whether the request carries `Metadata-Flavor: Google`. */
  isAsked: boolean;
  tokens: AccessTokens;
  projectId: string;
}): Answer {
  const headers = { "metadata-flavor": "Google", "content-type": "text/plain" };
  const plain = (body: string, status = 200): Answer => ({ status, headers, body });
  const json = (body: unknown): Answer => ({
    ...jsonAnswer(body),
    headers: { ...headers, "content-type": "application/json" },
  });
  if (!isAsked) return plain("Missing required header: Metadata-Flavor", 403);
  if (item === "project/project-id") return plain(projectId);
  if (item === "universe/universe-domain") return plain("googleapis.com");
  const email = `workload@${projectId}.iam.gserviceaccount.com`;
  const [, detail] = /^instance\/service-accounts\/[^/]+\/?(.*)$/.exec(item) ?? [];
  switch (detail) {
    case "token": {
      const { token, expiresAtMs } = tokens.issue(email);
      const expires_in = Math.floor((expiresAtMs - Date.now()) / 1000);
      return json({ access_token: token, expires_in, token_type: "Bearer" });
    }
    case "email":
      return plain(email);
    case "":
      return json({ aliases: ["default"], email, scopes: ["https://www.googleapis.com/auth/cloud-platform"] });
    default:
      return item === "" || item === "instance" ? plain("instance/\nproject/\n") : plain("Not Found", 404);
  }
}
