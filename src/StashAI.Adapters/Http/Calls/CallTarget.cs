using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>The instance that a call goes to, and what of the operator's goes along.</summary>
/// <param name="Instance">The address without an operation's path.</param>
/// <param name="HasCredentials">False for an address that gets nothing of the operator's.</param>
/// <param name="Headers">The service's headers.</param>
/// <param name="Values">What the environment gives to templates.</param>
/// <param name="IsLeftOut">True for parameters of a query that this address does not get.</param>
internal sealed record CallTarget(
    Uri Instance, bool HasCredentials, IReadOnlyList<KeyValuePair<string, string>> Headers, ConfiguredValues Values, Func<TextTemplate, bool> IsLeftOut)
{
    /// <summary>The request as this address gets it.</summary>
    public RequestTemplate Of(RequestTemplate request) => HasCredentials ? request : request.WithoutQuery(IsLeftOut);
}
