using System.Reflection;
using System.Text.Json;
using Ungroup.Quotas;
using Ungroup.Settings.Reading;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Settings;

/// <summary>What the templates grant at Alibaba Cloud: a call that is made and not granted would be refused in production alone.</summary>
public sealed class PermissionPolicyTests
{
    [Fact]
    public void The_policies_grant_each_call_that_is_made_and_no_other()
    {
        var granted = Directory.EnumerateFiles(Path.Combine(Snapshot.Find("infra"), "alibaba"), "*-policy.json")
            .Where(file => Path.GetFileName(file) != "trust-policy.json")
            .SelectMany(file => JsonElement.Parse(File.ReadAllText(file)).GetProperty("Statement").EnumerateArray())
            .SelectMany(statement => statement.GetProperty("Action").EnumerateArray())
            .Select(action => action.GetString()!);
        var made = typeof(PaceOptions).GetProperty(nameof(PaceOptions.Quotas))!.GetCustomAttribute<KnownNamesAttribute>()!.Names.Select(name => $"ecs:{name}");

        Assert.Equal(made.Order(), granted.Distinct().Order());
    }
}
