using System.Text.Json;
using System.Text.Json.Serialization;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Comparisons;
using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Api.Responses.People;
using StashAI.Visage.Api.Responses.Service;

namespace StashAI.Visage.Api;

/// <summary>
/// The JSON of the API: snake_case; requests may send numbers as strings, and no field that is unknown or given twice; answers omit null
/// values.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(EnrolRequest))]
[JsonSerializable(typeof(UpdatePersonRequest))]
[JsonSerializable(typeof(PhotoInputObject))]
[JsonSerializable(typeof(PredictResponse))]
[JsonSerializable(typeof(PredictOneResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(PersonDto))]
[JsonSerializable(typeof(PeoplePage))]
[JsonSerializable(typeof(NamesResponse))]
[JsonSerializable(typeof(CompareRequest))]
[JsonSerializable(typeof(OneToManyRequest))]
[JsonSerializable(typeof(ManyToManyRequest))]
[JsonSerializable(typeof(PositionalRequest))]
[JsonSerializable(typeof(MergeRequest))]
[JsonSerializable(typeof(SplitRequest))]
[JsonSerializable(typeof(SplitResponse))]
[JsonSerializable(typeof(ComparisonResponse))]
[JsonSerializable(typeof(ComparisonsResponse))]
[JsonSerializable(typeof(LookAlikesResponse))]
[JsonSerializable(typeof(ExportedPerson))]
[JsonSerializable(typeof(ImportResponse))]
[JsonSerializable(typeof(StoredFacesResponse))]
[JsonSerializable(typeof(RejectRequest))]
[JsonSerializable(typeof(RejectionsResponse))]
[JsonSerializable(typeof(RejectionDto))]
[JsonSerializable(typeof(ClusterRequest))]
[JsonSerializable(typeof(ClusterResponse))]
[JsonSerializable(typeof(GroupsResponse))]
[JsonSerializable(typeof(RematchRequest))]
[JsonSerializable(typeof(RematchResponse))]
[JsonSerializable(typeof(SpriteRequest))]
[JsonSerializable(typeof(SpriteResponse))]
[JsonSerializable(typeof(VideoResponse))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(IReadOnlyList<FaceOptionDto>))]
internal sealed partial class VisageJson : JsonSerializerContext;
