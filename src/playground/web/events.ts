import { type ServerEvent, SseParser } from "./sse-parser";

/** What the page does with the stream. */
export interface StreamListener {
  onEvent(event: ServerEvent): void;
  /** The stream is there, or is there again. */
  onOpen(): void;
  /** The stream broke; it is being opened again. */
  onLost(): void;
}

// The server says something every 15 s; a laptop that slept hears nothing more on its old connection.
const silenceMs = 40_000;
const firstWaitMs = 300;
const longestWaitMs = 5_000;

/**
 * Follows the playground's events until the page goes, from its first kept event on, and resumes where it was.
 * `EventSource` cannot say from where it wants to begin, so a reload would lose the timeline.
 */
export async function followEvents(url: string, listener: StreamListener): Promise<never> {
  let lastId = "0";
  let waitMs = firstWaitMs;
  for (;;) {
    try {
      for await (const event of readEvents(url, lastId, () => {
        waitMs = firstWaitMs;
        listener.onOpen();
      })) {
        lastId = event.id || lastId;
        listener.onEvent(event);
      }
    } catch (error) {
      console.info("The stream of events broke and is opened again.", error);
    }
    listener.onLost();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

async function* readEvents(url: string, lastId: string, onOpen: () => void): AsyncGenerator<ServerEvent> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": lastId };
    const response = await fetch(url, { headers, cache: "no-store", signal: silence.signal });
    // Signed out meanwhile: the page is asked for the password, this script is not.
    if (response.status === 401) location.reload();
    if (!response.ok || response.body === null) throw new Error(`The stream answered ${response.status}.`);
    onOpen();
    const parser = new SseParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      yield* parser.push(read.value);
    }
  } finally {
    clearTimeout(timer);
  }
}
