/** Sends a form in the background; the same form works without script. Throws when it was not taken. */
export async function post<Answer>(form: HTMLFormElement, submitter?: HTMLElement | null): Promise<Answer> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) {
    if (typeof value === 'string') fields.append(name, value);
  }
  const response = await fetch(form.action, {
    method: 'post',
    body: fields,
    headers: { accept: 'application/json' },
  });
  const answer = (await response.json()) as Answer & { title?: string };
  if (!response.ok) throw new Error(answer.title ?? response.statusText);
  return answer;
}
