using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Gateway.Tests.Services;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>
/// Requests of the known clients with one fault each: a member renamed, given twice, or of another type. Each is refused with a problem
/// that names a field, unless its meaning is clear; none is an error of the server.
/// </summary>
public sealed class MutatedRequestTests
{
    private const string Echo = """
        name: echo
        url: ${ECHO_URL}
        config: {language: {type: string}}
        operations:
          say:
            item: {type: object, properties: {text: {type: string}, size: {type: integer, required: false}}}
            request: {path: /say, json: {text: "{{ item.text }}", lang: "{{ config.language }}"}}
        """;

    /// <summary>May hold anything, because clients store what they like there.</summary>
    private static readonly string[] Free = ["additional_params", "metadata", "image_metadata", "batch_context"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Requests() => new()
    {
        {
            "/api/visage/task",
            """{"service_type":"visage","image_data":{"stash_image_id":"42","image_base64":"eA==","stash_image_title":"T","image_metadata":{"urls":["u"]}},"config":{"threshold":0.7,"service_config":{"max_faces":10,"return_embeddings":false,"detection_mode":"multi"},"source":"b"}}"""
        },
        {
            "/api/visage/job",
            """{"images":["eA=="],"config":{"threshold":0.7,"job_name":"G","user_id":"u","session_id":"s","additional_params":{"max_faces":10,"return_embeddings":false,"entity_type":"gallery","gallery_id":"3"}}}"""
        },
        { "/api/visage/task", """{"image_id":"42","image_data":"eA==","threshold":0.7,"additional_params":{"max_faces":10}}""" },
        {
            "/api/visage/batch/identify",
            """{"images":["eA=="],"config":{"face_threshold":0.7,"model_type":"arc","batch_size":4,"return_face_locations":"true"}}"""
        },
        { "/api/visage/batch/compare", """{"items":[{"person1":"A","image2":"eA==","face2":{"index":0}}],"config":{"threshold":0.5}}""" },
        { "/api/visage/batch/one-to-many", """{"target":{"person":"A"},"items":[{"image":"eA=="}],"config":{"priority":"high"}}""" },
        {
            "/api/batch",
            """{"type":"interactions","items":[{"session_id":"s","action_type":"a","user_id":"u","page_path":"/","metadata":{"a":1}}],"config":{"job_name":"J","tags":["t"],"max_retries":1}}"""
        },
        { "/api/interactions", """{"session_id":"s","action_type":"a","element_type":"e","element_id":"1","metadata":{}}""" },
        { "/api/sessions", """{"session_id":"s","user_id":"u","page_views":1,"total_interactions":2,"end_time":"2030-01-01T00:00:00Z"}""" },
        { "/api/echo/batch/say", """{"items":[{"text":"x","size":1}],"config":{"language":"en","start_at":"2020-01-01T00:00:00Z"}}""" },
        { "/api/echo/task", """{"text":"x","config":{"language":"en"},"user_id":"u"}""" },
        { "/api/demo/visage/job", """{"demo_task_count":1}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_with_one_fault_is_refused_and_never_an_error_of_the_server(string path, string body)
    {
        await using var host = await ServiceHost.StartAsync(Echo);
        using var right = await host.Gateway.SendAsync(HttpMethod.Post, path, body);
        Assert.True(right.IsSuccessStatusCode, $"{(int)right.StatusCode} {await right.Content.ReadAsStringAsync(Cancellation)}");
        var accepted = new List<string>();
        foreach (var (what, text) in Mutations(body))
        {
            using var response = await host.Gateway.SendAsync(HttpMethod.Post, path, text);
            var answer = await response.Content.ReadAsStringAsync(Cancellation);
            var status = (int)response.StatusCode;
            Assert.True(status is 200 or 202 or 400 or 422, $"{what}: {status} {answer}");
            if (status < 400)
            {
                accepted.Add(what);
                continue;
            }

            var problem = JsonNode.Parse(answer)!;
            Assert.True(problem["errors"]?[0]?["field"] is not null, $"{what}: {answer}");
        }

        Assert.DoesNotContain(accepted, what => !MayPass(body, what));
    }

    /// <summary>
    /// What is right as it is: null counts as missing, a value of the same type is another value, texts may be numbers, what is free may
    /// hold anything, and the only list of a batch is its items whatever its name.
    /// </summary>
    private static bool MayPass(string body, string mutation)
    {
        var (kind, path) = mutation.Split(' ') is [var first, var rest] ? (first, rest) : default;
        var names = path.Split('.');
        if (names[..^1].Any(Free.Contains)) return true;
        var type = names.Aggregate(
            JsonNode.Parse(body)!, (node, name) => node is JsonArray list ? list[int.Parse(name, null)]! : node[name]!)
            .GetValueKind();
        return kind switch
        {
            "null" => true,
            "renamed" => path == "items" && body.Contains("\"type\"", StringComparison.Ordinal),
            "text" => type == JsonValueKind.String || Free.Contains(names[^1]),
            "number" => type is JsonValueKind.String or JsonValueKind.Number || Free.Contains(names[^1]),
            "object" => type == JsonValueKind.Object,
            "boolean" when type is JsonValueKind.True or JsonValueKind.False => true,
            "boolean" or "list" => Free.Contains(names[^1]) || path == "config.return_face_locations",
            _ => false,
        };
    }

    private static IEnumerable<(string What, string Body)> Mutations(string body)
    {
        foreach (var path in PathsOf(JsonNode.Parse(body)!, ""))
        {
            yield return ($"renamed {path}", Change(body, path, (parent, name) =>
            {
                var value = parent[name]!.DeepClone();
                parent.Remove(name);
                parent[name + "x"] = value;
            }));
            foreach (var (kind, value) in ((string, string)[])[
                ("null", "null"), ("number", "5"), ("boolean", "true"), ("list", "[[]]"), ("object", "{}"), ("text", "\"\\u0000\"")])
            {
                yield return ($"{kind} {path}", Change(body, path, (parent, name) => parent[name] = JsonNode.Parse(value)));
            }

            // A node cannot hold a member twice, so the second is made of a name that nothing else has.
            var name = path.Split('.')[^1];
            yield return ($"twice {path}", Change(body, path, (parent, own) => parent["§"] = parent[own]!.DeepClone())
                .Replace("\"\\u00A7\"", $"\"{name}\"", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> PathsOf(JsonNode node, string path)
    {
        if (node is JsonArray list)
        {
            for (var index = 0; index < list.Count; index++)
            {
                if (list[index] is JsonObject or JsonArray)
                {
                    foreach (var inner in PathsOf(list[index]!, path + "." + index)) yield return inner;
                }
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                var at = path.Length == 0 ? name : $"{path}.{name}";
                yield return at;
                foreach (var inner in PathsOf(value!, at)) yield return inner;
            }
        }
    }

    private static string Change(string body, string path, Action<JsonObject, string> change)
    {
        var root = JsonNode.Parse(body)!;
        var names = path.Split('.');
        var parent = names[..^1].Aggregate(root, (node, name) => node is JsonArray list ? list[int.Parse(name, null)]! : node[name]!);
        change(parent.AsObject(), names[^1]);
        return root.ToJsonString();
    }
}
