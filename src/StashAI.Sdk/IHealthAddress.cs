namespace StashAI.Sdk;

/// <summary>
/// Implemented by an adapter whose health path contains values that are not stored in the database, such as a key from the environment.
/// </summary>
public interface IHealthAddress
{
    /// <summary>The complete address to call; null when this address must not receive these values, and so is not called.</summary>
    /// <param name="address">An address of the service with <see cref="AdapterManifest.HealthPath"/>.</param>
    Uri? FillIn(Uri address);
}
