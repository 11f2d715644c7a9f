/** Asks once for each key, however often it is called; an answer that failed is asked for again. */
export function oncePerKey<K, T>(ask: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const answers = new Map<string, Promise<T>>()
  return key => {
    const name = JSON.stringify(key)
    const answer = answers.get(name) ?? ask(key)
    answers.set(name, answer)
    answer.catch(() => answers.delete(name))
    return answer
  }
}
