namespace StashAI.Sdk;

/// <summary>An adapter whose health path needs what the database does not hold, such as a key of the environment.</summary>
public interface IHealthAddress
{
    /// <summary>The address to ask, filled in; null when this address may not have what the path needs, and so is not asked.</summary>
    /// <param name="address">The health path of <see cref="AdapterManifest.HealthPath"/> at an address of the service.</param>
    Uri? FillIn(Uri address);
}
