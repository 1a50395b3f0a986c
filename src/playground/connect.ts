import type { IntercomPlayground } from "./intercom/playground";
import type { SpikaPlayground } from "./spika/playground";

/** Variables of the environment, by name. */
export type ProgramEnvironment = Readonly<Record<string, string>>;

/** What a program has to be told to receive from, and answer in, the playground rather than the real platforms. */
export function createConnect(parts: {
  /** Where the playground is, without a slash at its end. */
  readonly publicUrl: string;
  readonly webex: { readonly apiPath: string; readonly botToken: string; readonly catalogUrl: string };
  readonly spika: SpikaPlayground;
  readonly intercom: IntercomPlayground;
  /** The same for a program that is started again: it takes what it signed for its own. */
  readonly webhookSecret: string;
}): (programUrl: string) => ProgramEnvironment {
  const { publicUrl, webex, spika, intercom, webhookSecret } = parts;
  return (programUrl) => {
    // Webex is told by the program itself; at the others a person enters the address once.
    const { signature, privateSignature } = spika.connect(
      `${programUrl}/webhooks/spika`,
      `${programUrl}/webhooks/spika/private`,
    );
    intercom.connect(`${programUrl}/webhooks/intercom`);
    return {
      PUBLIC_URL: programUrl,
      WEBEX_BOT_TOKEN: webex.botToken,
      WEBEX_WEBHOOK_SECRET: webhookSecret,
      WEBEX_API_BASE_URL: `${publicUrl}${webex.apiPath}`,
      WEBEX_WEBSOCKET_CATALOG_URL: webex.catalogUrl,
      SPIKA_BASE_URL: `${publicUrl}${spika.path}`,
      SPIKA_API_KEY: spika.apiKey,
      SPIKA_VERIFICATION_SIGNATURE: signature,
      // A room is an account, as its webhook has a signature of its own.
      SPIKA_ACCOUNTS: "private",
      SPIKA_PRIVATE_BASE_URL: `${publicUrl}${spika.path}`,
      SPIKA_PRIVATE_API_KEY: spika.apiKey,
      SPIKA_PRIVATE_VERIFICATION_SIGNATURE: privateSignature,
      INTERCOM_ACCESS_TOKEN: intercom.token,
      INTERCOM_CLIENT_SECRET: intercom.clientSecret,
      INTERCOM_API_BASE_URL: `${publicUrl}${intercom.path}`,
    };
  };
}
