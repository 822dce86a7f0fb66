using StashAI.Gateway.Upstreams.Services;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>Describes the items and the configuration of services in code as those of declared services are described.</summary>
internal interface IBuiltInSchemas
{
    /// <summary>The description of a service; null for one without.</summary>
    ServiceEntry? Find(string name);
}
