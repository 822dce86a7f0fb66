using Microsoft.Extensions.Options;

namespace StashAI.Hosting.Settings;

/// <summary>Gives the framework's options a record that is read whole, and whose properties nobody changes afterwards.</summary>
internal sealed class SettingsOptionsFactory<T>(Func<T> read) : IOptionsFactory<T> where T : class
{
    public T Create(string name) => read();
}
