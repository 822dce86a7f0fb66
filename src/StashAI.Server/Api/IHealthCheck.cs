namespace StashAI.Server.Api;

/// <summary>Looks at one part of what this process is in charge of. It answers at once, from what is known.</summary>
internal interface IHealthCheck
{
    HealthCheck Look();
}
