// Helicone's quick start in JavaScript, as far as it goes; argv: the sandbox's address and a key.
const { HeliconeProxyConfiguration, HeliconeProxyOpenAIApi } = require("helicone");
const [baseUrl, apiKey] = process.argv.slice(2);
const configuration = new HeliconeProxyConfiguration({
  apiKey: "sk-any",
  heliconeMeta: { apiKey, baseUrl: `${baseUrl}/v1` },
});
const openai = new HeliconeProxyOpenAIApi(configuration);

(async () => {
  const answer = await openai.createChatCompletion({
    model: "gpt-3.5-turbo",
    messages: [{ role: "user", content: "Hello" }],
  });
  const heliconeId = answer.headers[openai.helicone.heliconeIdHeader];
  await openai.helicone.logFeedback(heliconeId, "positive");
  console.log(heliconeId);
})();
