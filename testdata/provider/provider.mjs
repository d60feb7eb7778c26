// The identity provider of the test: `node provider.mjs PORT`. Its signing key is new at every start, and so is its memory.
import { generateKeyPairSync } from "node:crypto";
import Provider, { errors } from "oidc-provider";

const port = Number(process.argv[2]);
const key = { ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig" };
const machine = (client_id) => ({
  client_id, client_secret: `${client_id}-secret-of-some-length`, grant_types: ["client_credentials"], redirect_uris: [], response_types: [],
  id_token_signed_response_alg: "ES256",
});
const roles = { office: ["manager"], mia: ["manager"] };
const formats = { "https://orders.example.com": "jwt", "https://orders.example.com/opaque": "opaque" };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys: [key] },
  clients: [
    machine("till"), machine("office"), machine("api"),
    {
      client_id: "app", token_endpoint_auth_method: "none", application_type: "native", redirect_uris: ["http://127.0.0.1/callback"],
      grant_types: ["authorization_code", "refresh_token"], response_types: ["code"], id_token_signed_response_alg: "ES256",
    },
  ],
  cookies: { keys: ["signs the cookies of a test"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  issueRefreshToken: (_, client) => client.grantTypeAllowed("refresh_token"),
  extraTokenClaims: (_, token) => ({ roles: roles[token.accountId ?? token.clientId] ?? [] }),
  enabledJWA: { idTokenSigningAlgValues: ["ES256"] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_, client) => client.clientId === "api" },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo(_, resource) {
        const accessTokenFormat = formats[resource];
        if (!accessTokenFormat) throw new errors.InvalidTarget();
        return { scope: "orders:read orders:write", audience: resource, accessTokenFormat, accessTokenTTL: 3600, jwt: { sign: { alg: "ES256" } } };
      },
    },
  },
});
provider.listen(port, "127.0.0.1", () => console.log("ready"));
