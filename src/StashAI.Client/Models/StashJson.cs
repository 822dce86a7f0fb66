using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>Writes the models as the server does, for programs that store them or hand them on.</summary>
public static class StashJson
{
    /// <summary>Source-generated options for every model of this package: names in snake_case, and words for states.</summary>
    public static JsonSerializerOptions Options => StashJsonContext.Default.Options;
}

/// <summary>How the models are read and written, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    // Items and results may be nested 64 levels deep, and stand inside lists and objects of the answers.
    MaxDepth = 128,
    Converters =
    [
        typeof(WordConverter<JobState>), typeof(WordConverter<TaskState>), typeof(WordConverter<BulkAction>),
        typeof(WordConverter<BulkState>), typeof(WordConverter<ApiRole>),
        typeof(WordConverter<RematchState>), typeof(WordConverter<ErasureState>), typeof(WordConverter<ScheduleOverlap>),
        typeof(WordConverter<ScheduleRunState>), typeof(WordConverter<WebhookDeliveryState>),
    ])]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(JobDetail))]
[JsonSerializable(typeof(WirePage<Job>))]
[JsonSerializable(typeof(JobProgress))]
[JsonSerializable(typeof(JobTask))]
[JsonSerializable(typeof(JobTaskDetail))]
[JsonSerializable(typeof(WirePage<JobTask>))]
[JsonSerializable(typeof(WirePage<FailureGroup>))]
[JsonSerializable(typeof(WireItemPage))]
[JsonSerializable(typeof(WireRoot))]
[JsonSerializable(typeof(FailureGroup))]
[JsonSerializable(typeof(FailureAnswer))]
[JsonSerializable(typeof(JobChange))]
[JsonSerializable(typeof(WireBulkCount))]
[JsonSerializable(typeof(WirePage<AuditEntry>))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(Caller))]
[JsonSerializable(typeof(ServerNode))]
[JsonSerializable(typeof(WirePage<ServerNode>))]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(WirePage<ApiKey>))]
[JsonSerializable(typeof(CreatedApiKey))]
[JsonSerializable(typeof(WireNewKey))]
[JsonSerializable(typeof(BulkOperation))]
[JsonSerializable(typeof(WirePage<BulkOperation>))]
[JsonSerializable(typeof(Schedule))]
[JsonSerializable(typeof(NewSchedule))]
[JsonSerializable(typeof(ScheduleChange))]
[JsonSerializable(typeof(ScheduleRun))]
[JsonSerializable(typeof(WirePage<Schedule>))]
[JsonSerializable(typeof(WirePage<ScheduleRun>))]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(NewWebhook))]
[JsonSerializable(typeof(WebhookChange))]
[JsonSerializable(typeof(WireRotation))]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(WirePage<Webhook>))]
[JsonSerializable(typeof(WirePage<WebhookDelivery>))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(ServicePage))]
[JsonSerializable(typeof(Submission))]
[JsonSerializable(typeof(Rematch))]
[JsonSerializable(typeof(FaceGrouping))]
[JsonSerializable(typeof(FaceGroup))]
[JsonSerializable(typeof(WirePage<FaceGroup>))]
[JsonSerializable(typeof(WirePage<GroupFace>))]
[JsonSerializable(typeof(NamedGroup))]
[JsonSerializable(typeof(WireUpload))]
[JsonSerializable(typeof(CancelAnswer))]
[JsonSerializable(typeof(RetryAnswer))]
[JsonSerializable(typeof(PauseAnswer))]
[JsonSerializable(typeof(PauseEnd))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(WirePage<Person>))]
[JsonSerializable(typeof(WirePage<PersonInJob>))]
[JsonSerializable(typeof(WirePage<PersonPhoto>))]
[JsonSerializable(typeof(WirePage<Companion>))]
[JsonSerializable(typeof(PersonFace))]
[JsonSerializable(typeof(WirePage<PersonFace>))]
[JsonSerializable(typeof(WirePage<Erasure>))]
[JsonSerializable(typeof(Erasure))]
[JsonSerializable(typeof(PeopleImport))]
[JsonSerializable(typeof(WirePhotos))]
[JsonSerializable(typeof(WireRename))]
[JsonSerializable(typeof(WireMerge))]
[JsonSerializable(typeof(WireFaces))]
[JsonSerializable(typeof(RejectedFaces))]
[JsonSerializable(typeof(WirePage<Rejection>))]
[JsonSerializable(typeof(ServerHealth))]
[JsonSerializable(typeof(LiveMessage))]
[JsonSerializable(typeof(WireJobList))]
[JsonSerializable(typeof(ServiceListUpdate))]
[JsonSerializable(typeof(WireProblem))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class StashJsonContext : JsonSerializerContext;
