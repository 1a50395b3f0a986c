/** Asks for the password. @param base path of the playground, without a slash at its end */
export function signInPage(base: string, refusal?: string): string {
  const said = refusal === undefined ? "" : `<p id="refusal" class="refusal" role="alert">${refusal}</p>`;
  const describedBy = refusal === undefined ? "" : ` aria-invalid="true" aria-describedby="refusal"`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Bellhop playground</title>
    <link rel="stylesheet" href="${base}/style.css" />
  </head>
  <body class="sign-in">
    <main>
      <h1>Bellhop <span class="top-note">playground</span></h1>
      <form class="dialog-form" method="post" action="${base}/sign-in">
        <label>Password <input type="password" name="password" required autofocus autocomplete="current-password"${describedBy} /></label>
        ${said}
        <button type="submit" class="primary">Sign in</button>
      </form>
    </main>
  </body>
</html>
`;
}
