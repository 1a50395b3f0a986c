/** A human or a bot, as `GET /people/{id}` answers. */
export interface Person {
  readonly id: string;
  readonly emails: readonly string[];
  readonly displayName: string;
  readonly nickName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly orgId: string;
  readonly created: string;
  readonly type: "person" | "bot";
  /** Present on somebody who was addressed by e-mail and has never been here. */
  readonly invitePending?: "true";
}

export type RoomType = "direct" | "group";

/** A room without what depends on who looks: a direct room's title is the other person's name. */
export interface Room {
  readonly id: string;
  title: string;
  readonly type: RoomType;
  isLocked: boolean;
  lastActivity: string;
  readonly creatorId: string;
  readonly created: string;
  readonly ownerId: string;
  teamId?: string;
  description?: string;
  isAnnouncementOnly?: boolean;
  isPublic?: boolean;
  madePublic?: string;
}

/** One person in one room. */
export interface Membership {
  readonly id: string;
  readonly roomId: string;
  readonly personId: string;
  readonly personEmail: string;
  readonly personDisplayName: string;
  readonly personOrgId: string;
  isModerator: boolean;
  readonly isMonitor: boolean;
  readonly roomType: RoomType;
  isRoomHidden?: boolean;
  readonly created: string;
}

/** What a message says: replaced as a whole by an edit. */
export interface MessageContent {
  readonly text?: string;
  readonly markdown?: string;
  readonly html?: string;
  /** Person ids. */
  readonly mentionedPeople?: readonly string[];
  readonly mentionedGroups?: readonly "all"[];
}

/** A card as it was posted. */
export interface CardAttachment {
  readonly contentType: string;
  readonly content: unknown;
}

/** A message as `GET /messages/{id}` answers a full member of the room. */
export interface Message extends MessageContent {
  readonly id: string;
  readonly parentId?: string;
  readonly roomId: string;
  readonly roomType: RoomType;
  readonly personId: string;
  readonly personEmail: string;
  /** URLs under this API's `/contents`. */
  readonly files?: readonly string[];
  readonly attachments?: readonly CardAttachment[];
  readonly created: string;
  readonly updated?: string;
}

/** One press of a card's button. */
export interface AttachmentAction {
  readonly id: string;
  readonly type: "submit";
  readonly messageId: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly personId: string;
  readonly roomId: string;
  readonly created: string;
}

/** Bytes behind a message's file URL. */
export interface Content {
  readonly id: string;
  readonly messageId: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface Team {
  readonly id: string;
  name: string;
  description?: string;
  readonly created: string;
}

/** One person in one team; they are members of its General room too. */
export interface TeamMembership {
  readonly id: string;
  readonly teamId: string;
  readonly personId: string;
  readonly personEmail: string;
  readonly personDisplayName: string;
  readonly personOrgId: string;
  isModerator: boolean;
  readonly created: string;
}

/** A web page pinned to a room. */
export interface RoomTab {
  readonly id: string;
  readonly roomId: string;
  readonly roomType: RoomType;
  contentUrl: string;
  displayName: string;
  readonly creatorId: string;
  readonly created: string;
}

/** A webhook as the API answers it, secret included: Webex echoes it to its creator. */
export interface Webhook {
  readonly id: string;
  name: string;
  targetUrl: string;
  readonly resource: string;
  readonly event: string;
  readonly filter?: string;
  secret?: string;
  status: "active" | "inactive";
  readonly created: string;
  readonly orgId: string;
  readonly createdBy: string;
  readonly appId: string;
  readonly ownedBy: "creator";
}
