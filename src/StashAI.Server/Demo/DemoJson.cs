using System.Text.Json.Serialization;

namespace StashAI.Server.Demo;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SubscribeJob))]
[JsonSerializable(typeof(SocketMessage))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(JobAccepted))]
[JsonSerializable(typeof(JobDetail))]
[JsonSerializable(typeof(EnrolRequest))]
[JsonSerializable(typeof(EnrolAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
internal sealed partial class DemoJson : JsonSerializerContext;
