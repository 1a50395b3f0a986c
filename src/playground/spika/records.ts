/** Somebody who can write: a person with a token of their own, or the bot of a room's API key. */
export interface SpikaUser {
  readonly id: number;
  readonly displayName: string;
  readonly isBot: boolean;
  /** Of a person; the bot's is its API key's. */
  readonly token: string | undefined;
}

export interface SpikaRoom {
  readonly id: number;
  /** Empty in private rooms. */
  readonly name: string;
  readonly type: "group" | "private";
  /** User ids; the first one is the admin. */
  readonly members: number[];
}

export interface SpikaApiKey {
  readonly id: number;
  readonly token: string;
  readonly roomId: number;
  readonly userId: number;
  displayName: string;
  readonly createdAt: number;
  modifiedAt: number;
}

export interface SpikaWebhook {
  readonly id: number;
  url: string;
  readonly verifySignature: string;
  readonly roomId: number;
  readonly createdAt: number;
  modifiedAt: number;
}

/** A message as its author is answered; the webhook brings it without what came later. */
export interface SpikaMessage {
  readonly id: number;
  readonly roomId: number;
  readonly fromUserId: number;
  readonly totalUserCount: number;
  readonly deliveredCount: number;
  readonly seenCount: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly localId: string | null;
  readonly replyId: number | null;
  readonly deleted: false;
  readonly isForwarded: boolean;
  readonly hasLink: boolean;
}

export interface SpikaFile {
  readonly id: number;
  readonly fileName: string;
  readonly mimeType: string;
  readonly size: number;
  readonly metaData: { readonly duration: number; readonly width: number; readonly height: number };
  readonly bytes: Buffer;
}
