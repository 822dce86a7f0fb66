using StashAI.Adapters.Http.Declarations;

namespace StashAI.Adapters.Http.Reading;

/// <summary>The service that a file declares, or the errors in the file.</summary>
/// <param name="Declaration">Null when there are errors.</param>
/// <param name="Errors">The errors in the order of the file.</param>
public sealed record DeclarationResult(ServiceDeclaration? Declaration, IReadOnlyList<DeclarationError> Errors);
