using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ungroup.Guardrails;
using Ungroup.Settings;
using Ungroup.Settings.Reading;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Settings;

public sealed class StrictSettingsTests
{
    private static readonly (string, string?)[] Account =
    [
        ("Ledger:Kind", "Memory"), ("Accounts:default:Credentials", "Static"), ("Accounts:default:AccessKeyId", "key"), ("Accounts:default:AccessKeySecret", "secret"),
    ];

    [Theory]
    [InlineData("Guardrails:ProtectedGroup:0", "sg-web", "Guardrails:ProtectedGroup is no setting; did you mean Guardrails:ProtectedGroups?")]
    [InlineData("Pace:Resreve", "0.5", "Pace:Resreve is no setting; did you mean Pace:Reserve?")]
    [InlineData("Pace:Quotas:LeaveSecurtyGroup", "100", "Pace:Quotas:LeaveSecurtyGroup is no setting; did you mean Pace:Quotas:LeaveSecurityGroup?")]
    [InlineData("Accounts:beijing:DefaultRegoin", "cn-beijing", "Accounts:beijing:DefaultRegoin is no setting; did you mean Accounts:beijing:DefaultRegion?")]
    [InlineData("Ledger:Colour", "red", "Ledger:Colour is no setting; expected one of: Kind, Path, ConnectionString, Endpoint, Table, Lease, Keep.")]
    [InlineData("Guardrail:ProtectedGroups:0", "sg-web", "Guardrail:ProtectedGroups:0 is no setting; did you mean Guardrails:ProtectedGroups:0?")]
    [InlineData("Guardrails_ProtectedGroups", "sg-web", "Guardrails_ProtectedGroups is no setting; expected one of: Accounts, Ecs, Guardrails, Ledger, Pace, Requests.")]
    public void A_name_that_no_section_has_is_told_with_what_was_meant(string name, string value, string sentence) =>
        Assert.Equal([sentence], Problems((name, value)));

    [Theory]
    [InlineData("Guardrails", "{\"ProtectedGroups\":[\"sg-web\"]}", "Guardrails is one text; expected settings by their names below it.")]
    [InlineData("Accounts:default", "Static", "Accounts:default is one text; expected settings by their names below it.")]
    [InlineData("Pace:Quotas", "LeaveSecurityGroup=100", "Pace:Quotas is one text; expected settings by their names below it.")]
    [InlineData("Guardrails:ProtectedGroups:web", "sg-web", "Guardrails:ProtectedGroups has an entry named web; expected a list")]
    [InlineData("Guardrails:ProtectedGroups:0:id", "sg-web", "Guardrails:ProtectedGroups has entries that are no texts; expected a list")]
    [InlineData("Guardrails:ProtectedGroups", "[\"sg-web\"", "Guardrails:ProtectedGroups begins like a JSON array and is none of texts; expected a list")]
    [InlineData("Guardrails:ProtectedGroups", "[1]", "Guardrails:ProtectedGroups begins like a JSON array and is none of texts; expected a list")]
    [InlineData("Ecs:QuickTries:0", "3", "Ecs:QuickTries has settings below it; expected a whole number.")]
    [InlineData("Ecs:QuickTries", "many", "Ecs:QuickTries is \"many\"; expected a whole number.")]
    [InlineData("Pace:Reserve", "20%", "Pace:Reserve is \"20%\"; expected a number, such as 0.2.")]
    [InlineData("Pace:Shared", "yes", "Pace:Shared is \"yes\"; expected true or false.")]
    [InlineData("Ledger:Kind", "2", "Ledger:Kind is \"2\"; expected one of: Memory, Sqlite, Table.")]
    [InlineData("Ecs:LeaveTimeout", "66", "Ecs:LeaveTimeout is \"66\"; expected a time with its unit, such as 90s, 2m, 1h30m, 30d or 00:01:30.")]
    [InlineData("Ledger:Lease", "24:00:00", "Ledger:Lease is \"24:00:00\"; expected a time with its unit")]
    [InlineData("Pace:Quotas:LeaveSecurityGroup", "a lot", "Pace:Quotas:LeaveSecurityGroup is \"a lot\"; expected a whole number.")]
    [InlineData("Accounts:default:AccessKeySecret", "secret\n", "Accounts:default:AccessKeySecret ends with a line end, which would count as part of it; expected it without.")]
    [InlineData("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret ", "ALIBABA_CLOUD_ACCESS_KEY_SECRET ends with white space, which would count as part of it; expected it without.")]
    [InlineData("Ledger:ConnectionString", "\tAccountName=a", "Ledger:ConnectionString begins with white space, which would count as part of it; expected it without.")]
    public void A_value_of_another_shape_or_type_is_told(string name, string value, string sentence) =>
        Assert.StartsWith(sentence, Assert.Single(Problems((name, value))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Guardrails:ProtectedGroups", "sg-web,sg-base")]
    [InlineData("Guardrails:ProtectedGroups", " sg-web , sg-base ")]
    [InlineData("Guardrails:ProtectedGroups", "[\"sg-web\", \"sg-base\"]")]
    [InlineData("guardrails:protectedgroups", "sg-web,sg-base")]
    public async Task A_list_means_the_same_however_it_is_written(string name, string value)
    {
        await using var asText = Services((name, value));
        await using var asEntries = Services(("Guardrails:ProtectedGroups:0", "sg-web"), ("Guardrails:ProtectedGroups:1", "sg-base"));

        Assert.Equal(["sg-web", "sg-base"], asText.GetRequiredService<IOptions<GuardrailOptions>>().Value.ProtectedGroups);
        Assert.Equal(["sg-web", "sg-base"], asEntries.GetRequiredService<IOptions<GuardrailOptions>>().Value.ProtectedGroups);
    }

    [Fact]
    public void A_list_that_is_written_twice_is_told_because_nobody_knows_which_counts() => Assert.StartsWith(
        "Guardrails:ProtectedGroups is one text and has numbered entries as well",
        Assert.Single(Problems(("Guardrails:ProtectedGroups", "sg-a"), ("Guardrails:ProtectedGroups:0", "sg-b"))),
        StringComparison.Ordinal);

    [Fact]
    public void What_belongs_to_others_in_a_shared_configuration_is_left_alone() => Assert.Empty(Problems(
        ("AzureWebJobsStorage:accountName", "a"), ("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated"), ("Logging:LogLevel:Default", "Debug"), ("PATH", "/bin"),
        ("ECS_CONTAINER_METADATA_URI", "http://169.254.170.2"), ("Functions:Worker:HostEndpoint", "http://127.0.0.1")));

    [Fact]
    public async Task Every_problem_of_every_section_is_told_at_once()
    {
        await using var services = Services(
            ("Guardrails:ProtectedGroup", "sg-a"), ("Pace:Resreve", "1"), ("Ecs:QuickTries", "many"), ("Ecs:OutageAfter", "0"), ("Accounts:default:DefaultRegion", "Hangzhou"));

        var told = SettingSentences.In(Assert.ThrowsAny<Exception>(() => services.GetRequiredService<IStartupValidator>().Validate()));

        Assert.Equal(5, told.Count);
        Assert.Contains("Ecs:OutageAfter must be between 1 and 1000.", told);
    }

    [Fact]
    public void The_name_is_told_as_it_was_written_and_with_where_it_came_from()
    {
        using var folder = new Folder();
        var file = folder.File("settings.json", """{"Guardrails":{"ProtectedGroup":["sg-web"]}}""");

        var problems = StrictSettings.Read(
            new ConfigurationBuilder().AddConfiguration(new ConfigurationBuilder().AddJsonFile(file).AddCommandLine(["--Pace:Resreve=1"]).Build()).Build(), new()).Problems;

        Assert.Contains($"Guardrails:ProtectedGroup (file settings.json) is no setting; did you mean Guardrails:ProtectedGroups?", problems);
        Assert.Contains("Pace:Resreve (command line) is no setting; did you mean Pace:Reserve?", problems);
    }

    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("1.5 h", "01:30:00")]
    [InlineData("500ms", "00:00:00.5")]
    [InlineData("30d", "30.00:00:00")]
    [InlineData("30.00:00:00", "30.00:00:00")]
    [InlineData("00:00:00.5", "00:00:00.5")]
    [InlineData("0", "00:00:00")]
    public void A_duration_says_its_unit(string text, string expected)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), duration);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("1.5")]
    [InlineData("5:00")]
    [InlineData("24:00:00")]
    [InlineData("-5s")]
    [InlineData("5 parsecs")]
    [InlineData("999999999d")]
    [InlineData("")]
    public void A_duration_without_a_clear_unit_is_none(string text) => Assert.False(Duration.TryParse(text, out _));

    private static IReadOnlyList<string> Problems(params (string, string?)[] settings) => StrictSettings.Read(Configuration(settings), new()).Problems;

    private static ServiceProvider Services(params (string, string?)[] settings) =>
        new ServiceCollection().AddLogging().AddUngroup(Configuration([.. Account, .. settings])).BuildServiceProvider();

    private static IConfigurationRoot Configuration((string Name, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.GroupBy(setting => setting.Name).Select(setting => KeyValuePair.Create(setting.Key, setting.Last().Value))).Build();
}
