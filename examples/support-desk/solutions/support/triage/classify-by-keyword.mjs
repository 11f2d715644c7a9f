const keywords = [
  { category: 'refund', pattern: /refund|money back|broken|damaged/i },
  { category: 'delivery', pattern: /deliver|parcel|arrive|shipping/i },
  { category: 'account', pattern: /password|log ?in|account/i },
]

/** A poor man's classifier, for when the real one does not answer. */
export function classifyByKeyword({ subject, text }) {
  return keywords.find(({ pattern }) => pattern.test(`${subject} ${text}`))?.category ?? 'other'
}
