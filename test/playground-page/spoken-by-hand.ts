import type { ListeningPlayground } from "../../src/playground/listen";

/** The bot posts in Spika's group room. @param body As the API takes it. @default a text */
export async function sayInSpika({ url, spika }: ListeningPlayground, body: object): Promise<void> {
  const message = { roomId: spika.roomId, type: "text", ...body };
  await post(`${url}/spika/api/messaging/messages`, { accesstoken: spika.apiKey }, message);
}

/** The bot answers, or does something, in Intercom. @param route `"215…/reply"`, `"215…/parts"` */
export async function doInIntercom(
  { url, intercom }: ListeningPlayground,
  route: string,
  body: object,
): Promise<void> {
  const who = { admin_id: intercom.adminId, type: "admin" };
  const headers = { authorization: `Bearer ${intercom.token}` };
  await post(`${url}/intercom/conversations/${route}`, headers, { ...who, ...body });
}

async function post(url: string, headers: Record<string, string>, body: object): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
