// Every form with a data-method becomes a request with the token of the session. A page of another site can make a
// browser send the cookie; it cannot read the token, and it cannot set this header.
const token = document.querySelector('meta[name="csrf-token"]').content;

for (const form of document.querySelectorAll("form[data-method]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { method, path } = form.dataset;
    const fields = Object.fromEntries(new FormData(form));
    const response = await fetch(path, {
      method,
      headers: { "X-CSRF-Token": token, "Content-Type": "application/json", Accept: "application/json" },
      body: method === "POST" ? JSON.stringify(fields) : undefined,
    });
    if (response.status === 401) location.assign("/login");
    else if (!response.ok) alert((await response.json()).detail);
    else if (path === "/logout") location.assign("/");
    else location.reload();
  });
}
