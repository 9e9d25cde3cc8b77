using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Ungroup.Ecs;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Quotas;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Settings;

/// <summary>Every option is in the sample of the function app's settings, with its default: a page about settings that cannot rot.</summary>
public sealed class SettingsSampleTests
{
    private const string Account = "Accounts__default";

    private static readonly JsonElement Sample = JsonElement.Parse(File.ReadAllText(Snapshot.Find("local.settings.sample.json")));
    private static readonly Dictionary<string, string?> Values = Texts("Values");

    // The sample sets these to something else on purpose: it is about one machine and its sandbox.
    private static readonly string[] OnPurpose = [$"{Account}__Credentials", "Ledger__Kind"];

    public static TheoryData<string, Type> Sections => new()
    {
        { Account, typeof(AccountOptions) },
        { EcsOptions.Section, typeof(EcsOptions) },
        { GuardrailOptions.Section, typeof(GuardrailOptions) },
        { LedgerOptions.Section, typeof(LedgerOptions) },
        { PaceOptions.Section, typeof(PaceOptions) },
        { RequestOptions.Section, typeof(RequestOptions) },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_option_is_in_the_sample(string section, Type options)
    {
        var known = Values.Keys.Concat(Texts("NotSet").Keys);

        Assert.Equal("", string.Join(", ", Names(section, options).Except(known)));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Nothing_is_in_the_sample_that_is_no_option(string section, Type options) => Assert.Empty(
        Values.Keys.Concat(Texts("NotSet").Keys)
            .Where(name => name.StartsWith(section + "__", StringComparison.Ordinal))
            .Except(Names(section, options)));

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_option_that_has_a_default_is_in_the_sample_with_it(string section, Type options)
    {
        var standard = Activator.CreateInstance(options)!;
        var sampled = new ConfigurationBuilder()
            .AddInMemoryCollection(Values.ToDictionary(value => value.Key.Replace("__", ":", StringComparison.Ordinal), value => value.Value))
            .Build()
            .GetSection(section.Replace("__", ":", StringComparison.Ordinal))
            .Get(options)!;

        foreach (var option in Options(options).Where(option => !IsList(option) && !IsByName(option) && option.GetValue(standard) is not null))
        {
            var name = $"{section}__{option.Name}";
            Assert.True(Values.ContainsKey(name), $"{name} is not among the values of the sample; its default is {option.GetValue(standard)}.");
            if (!OnPurpose.Contains(name))
            {
                Assert.Equal((name, option.GetValue(standard)), (name, option.GetValue(sampled)));
            }
        }
    }

    private static IEnumerable<string> Names(string section, Type options) =>
        Options(options).Select(option => $"{section}__{option.Name}{(IsList(option) ? "__0" : IsByName(option) ? "__LeaveSecurityGroup" : "")}");

    private static IEnumerable<PropertyInfo> Options(Type options) =>
        options.GetProperties().Where(option => option.CanWrite || IsList(option) || IsByName(option));

    private static bool IsList(PropertyInfo option) => option.PropertyType.IsAssignableTo(typeof(IList<string>));

    private static bool IsByName(PropertyInfo option) => option.PropertyType.IsAssignableTo(typeof(IDictionary<string, int>));

    private static Dictionary<string, string?> Texts(string part) =>
        Sample.GetProperty(part).EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString());
}
