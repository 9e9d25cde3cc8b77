using Ungroup.Ecs;

namespace Ungroup.Tests.Ecs;

public sealed class EcsFaultTests
{
    /// <summary>The codes of the API pages, written down apart from the table.</summary>
    public static TheoryData<string, Fault> Documented =>
    [
        .. File.ReadLines("Data/ecs-codes.csv").Skip(1).Select(line => line.Split(',')).Select(cells => (cells[0], Enum.Parse<Fault>(cells[1]))),
    ];

    [Theory]
    [MemberData(nameof(Documented))]
    public void Every_documented_code_is_in_the_table(string code, Fault fault) => Assert.Equal(fault, EcsFault.Find(code)?.Fault);

    [Fact]
    public void The_table_has_no_code_twice_and_none_that_nobody_documents()
    {
        var codes = EcsFault.Rows.Select(row => row.Code).ToList();

        Assert.Distinct(codes);
        Assert.Equal(["MissingCredentials"], codes.Except(File.ReadLines("Data/ecs-codes.csv").Skip(1).Select(line => line.Split(',')[0])));
    }

    [Fact]
    public void Every_row_says_what_an_operator_can_do() =>
        Assert.All(EcsFault.Rows, row => Assert.Matches("^[A-Z].{20,}\\.$", row.Advice));

    [Theory]
    [InlineData(400, "Throttling.SomethingNew", Fault.Throttled)]
    [InlineData(503, "Rejected.ThrottlingByNode", Fault.Throttled)]
    [InlineData(429, null, Fault.Throttled)]
    [InlineData(404, null, Fault.Permanent)]
    [InlineData(404, "Something.NotFound", Fault.Permanent)]
    [InlineData(403, "NobodyHasSeenThis", Fault.Permanent)]
    [InlineData(302, null, Fault.Configuration)]
    [InlineData(407, null, Fault.Configuration)]
    [InlineData(408, null, Fault.Unknown)]
    [InlineData(500, "NobodyHasSeenThis", Fault.Unknown)]
    [InlineData(502, null, Fault.Unknown)]
    [InlineData(504, null, Fault.Unknown)]
    public void The_status_decides_where_the_code_says_nothing(int status, string? code, Fault fault) =>
        Assert.Equal(fault, EcsFault.Classify(status, code));

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(500)]
    public void The_code_decides_where_it_says_something(int status) =>
        Assert.Equal(Fault.Configuration, EcsFault.Classify(status, "SignatureDoesNotMatch"));
}
