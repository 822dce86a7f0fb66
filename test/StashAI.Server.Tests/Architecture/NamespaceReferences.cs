using Mono.Cecil;
using Mono.Cecil.Cil;

namespace StashAI.Server.Tests.Architecture;

/// <summary>A type that uses a type of another namespace of its own assembly.</summary>
internal sealed record NamespaceReference(string From, string Type, string To, string Used);

/// <summary>Reads from compiled code which type uses which: base types, attributes, members, signatures and bodies.</summary>
internal static class NamespaceReferences
{
    public static IReadOnlyList<NamespaceReference> Of(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        var found = new HashSet<NamespaceReference>();
        foreach (var type in module.Types.Where(IsOurs))
        {
            foreach (var used in Used(type).SelectMany(Elements).Select(one => Outermost(one))
                .Where(one => one.Scope == module && IsOurs(one)))
            {
                if (used.Namespace != type.Namespace)
                {
                    found.Add(new NamespaceReference(type.Namespace, Name(type), used.Namespace, Name(used)));
                }
            }
        }

        return [.. found];
    }

    /// <summary>Generated code (regular expressions, inline arrays) belongs to no folder.</summary>
    private static bool IsOurs(TypeReference type) =>
        type.Namespace.StartsWith("StashAI.", StringComparison.Ordinal) && !type.Name.Contains('<', StringComparison.Ordinal);

    private static string Name(TypeReference type) => type.Name.Split('`')[0];

    private static IEnumerable<TypeReference?> Used(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(one => one.InterfaceType),
        .. Attributes(type),
        .. Constraints(type),
        .. type.Fields.SelectMany(field => (IEnumerable<TypeReference>)[field.FieldType, .. Attributes(field)]),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(Used),
        .. type.NestedTypes.SelectMany(Used),
    ];

    private static IEnumerable<TypeReference?> Used(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. Attributes(method),
        .. Constraints(method),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(handler => handler.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(Used) : [],
    ];

    private static IEnumerable<TypeReference?> Used(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider holder) =>
        holder.CustomAttributes.SelectMany(
            one => one.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().Append(one.AttributeType));

    private static IEnumerable<TypeReference> Constraints(IGenericParameterProvider holder) =>
        holder.GenericParameters.SelectMany(parameter => parameter.Constraints.Select(one => one.ConstraintType));

    /// <summary>The types that a reference is made of: of a list of arrays of X, the list and X.</summary>
    private static IEnumerable<TypeReference> Elements(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Elements)],
        TypeSpecification part => Elements(part.ElementType),
        _ => [type],
    };

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
