namespace StashAI.Gateway.Tests.Services;

/// <summary>A service that shouts: its declaration, and what it answers.</summary>
internal static class EchoService
{
    public const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        headers: {X-Key: "secret ${ECHO_KEY:-none}"}
        config:
          language: {type: string, default: en, enum: [en, es]}
          limit: {type: integer, min: 1, max: 9}
        operations:
          shout:
            item: {type: string, min_length: 1}
            cost: 0.5
            request:
              path: /shout/{{ config.language }}
              query: {n: "{{ job.index }}"}
              json:
                text: "{{ item }}"
                limit: "{{ config.limit }}"
                greeting: "to {{ item }}"
                fixed: [1, true, "2"]
            result: {fields: {answer: /data/0/text, length: /length}}
            errors: {message: /reason, in_answer: /failed, retry_text: [busy]}
            fold:
              characters: {sum: /length}
              answers: {count_by: /answer}
        """;

    public const string Answer = """{"data":[{"text":"HI"}],"length":2}""";
}
