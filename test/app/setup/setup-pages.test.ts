import { describe, expect, it } from 'vitest'
import { registerPage, settingsOf } from '../../../app/setup/setup-pages.ts'

const place = { url: 'https://ringway.example.com', serverUrl: 'https://github.com', settingsFile: '/data/.env' }
const page = (over: Partial<typeof place>, organisation?: string): string =>
  registerPage({ ...place, ...over }, { state: 'a.b+c', organisation })

describe('the page that registers the App', () => {
  it('posts the manifest to GitHub, for the own account or an organisation', () => {
    expect(page({})).toContain('action="https://github.com/settings/apps/new?state=a.b%2Bc"')
    expect(page({}, 'acme')).toContain('action="https://github.com/organizations/acme/settings/apps/new?state=a.b%2Bc"')
    expect(page({})).toContain('https://ringway.example.com/webhooks')
  })

  it.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://0.0.0.0:3000', 'http://[::1]:3000'])(
    'has no button where GitHub cannot reach %s, but says what to set',
    url => {
      expect(page({ url })).not.toContain('name="manifest"')
      expect(page({ url })).toContain('RINGWAY_URL=https://')
      expect(page({ url, serverUrl: 'http://127.0.0.1:8080' })).toContain('name="manifest"')
    },
  )

  it('shows names of strangers as text', () => {
    expect(page({}, '"><script>')).not.toContain('<script>')
  })
})

it('gives settings of one line each', () => {
  const app = {
    id: 7,
    name: 'R',
    page: 'https://github.com/apps/r',
    webhookSecret: 's'.repeat(40),
    privateKey: 'a\nb\n',
  }
  expect(settingsOf(app)).toEqual({ APP_ID: '7', PRIVATE_KEY: 'YQpiCg==', WEBHOOK_SECRET: 's'.repeat(40) })
})
