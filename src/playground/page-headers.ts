import helmet from "helmet";

/**
 * What a page of the playground may load: its own script and style, and pictures from anywhere.
 * @param formAction where its forms may go
 */
export function pageHeaders({ formAction = ["'none'"] } = {}): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        // Cards show pictures from anywhere; uploaded ones are drawn from memory.
        imgSrc: ["'self'", "data:", "blob:", "https:", "http:"],
        fontSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction,
        frameAncestors: ["'none'"],
      },
    },
    // Plain http on this computer.
    strictTransportSecurity: false,
  });
}
