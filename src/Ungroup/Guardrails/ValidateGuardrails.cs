using Microsoft.Extensions.Options;
using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>A mistyped id protects nothing, and nobody would notice until it is too late.</summary>
internal sealed class ValidateGuardrails : IValidateOptions<GuardrailOptions>
{
    public ValidateOptionsResult Validate(string? name, GuardrailOptions options)
    {
        List<string> problems =
        [
            .. Wrong(nameof(options.ProtectedGroups), options.ProtectedGroups, IsGroup, "the id of a security group, such as sg-bp1…"),
            .. Wrong(nameof(options.ApprovalGroups), options.ApprovalGroups, IsGroup, "the id of a security group, such as sg-bp1…"),
            .. Wrong(nameof(options.ProtectedTags), options.ProtectedTags, IsTag, "a tag as key or key=value"),
            .. Wrong(nameof(options.ProtectedResources), options.ProtectedResources, IsResource, "the id of an instance or a network interface, such as i-bp1… or eni-bp1…"),
        ];
        if (options.MostPerHour is < 0 or > 1_000_000)
        {
            problems.Add($"{GuardrailOptions.Section}:{nameof(options.MostPerHour)} is {options.MostPerHour}; expected 0, which changes nothing, to 1,000,000 changes an hour.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Wrong(string option, IList<string> ids, Predicate<string> isRight, string expected) => ids
        .Index()
        .Where(id => !isRight(id.Item))
        .Select(id => $"{GuardrailOptions.Section}:{option}:{id.Index} is \"{Shown.Text(id.Item)}\" and protects nothing; expected {expected}.");

    private static bool IsTag(string text) => ProtectedTag.Parse(text).Key is { Length: > 0 and <= 128 } key && key.Trim() == key;

    private static bool IsGroup(string id) => SecurityGroupId.TryParse(id.ToLowerInvariant(), out _);

    private static bool IsResource(string id) =>
        ResourceId.Instance.TryParse(id.ToLowerInvariant(), out _) || ResourceId.NetworkInterface.TryParse(id.ToLowerInvariant(), out _);
}
