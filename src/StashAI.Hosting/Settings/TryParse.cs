using System.Diagnostics.CodeAnalysis;

namespace StashAI.Hosting.Settings;

/// <summary>
/// Reads a text that is neither empty nor has spaces around it. It may throw a <see cref="FormatException"/> that says more than "no".
/// </summary>
public delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);
