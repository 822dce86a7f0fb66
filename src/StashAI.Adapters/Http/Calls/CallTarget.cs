using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>The instance that is called, and the operator's values that may be sent to it.</summary>
/// <param name="Instance">The address without the path of an operation.</param>
/// <param name="HasCredentials">False when the address must not receive the operator's secrets.</param>
/// <param name="Headers">The headers of the service.</param>
/// <param name="Values">The values from the environment that templates use.</param>
/// <param name="IsOmitted">True for query parameters that this address must not receive.</param>
internal sealed record CallTarget(
    Uri Instance, bool HasCredentials, IReadOnlyList<KeyValuePair<string, string>> Headers, ConfiguredValues Values,
    Func<TextTemplate, bool> IsOmitted)
{
    /// <summary>The request without the parameters that this address must not receive.</summary>
    public RequestTemplate Adapt(RequestTemplate request) => HasCredentials ? request : request.WithoutQuery(IsOmitted);
}
