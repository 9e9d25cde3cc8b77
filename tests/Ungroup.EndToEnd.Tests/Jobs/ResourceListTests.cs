using System.Text;
using CsCheck;
using Ungroup.Cli.Jobs;

namespace Ungroup.EndToEnd.Tests.Jobs;

/// <summary>Lists that people make: by hand, by a spreadsheet, by a query.</summary>
public sealed class ResourceListTests
{
    [Theory]
    [InlineData("i-1\neni-2\n")]
    [InlineData("i-1\r\neni-2")]
    [InlineData("\ufeffi-1\n\n  eni-2  \n\n")]
    [InlineData("\"i-1\"\n\"eni-2\"\n")]
    [InlineData("resource\ni-1\neni-2\n")]
    [InlineData("Resource,owner\ni-1,ops\neni-2,\n")]
    [InlineData("owner;resource\nops;i-1\n;eni-2\n")]
    [InlineData("owner\tresource\nops\ti-1\nops\teni-2\n")]
    [InlineData("\"owner\",\"resource\"\n\"says \"\"hi, you\"\"\",i-1\n\"two\nlines\",\"eni-2\"\n")]
    [InlineData("instanceId,networkInterfaceId\ni-1,\n,eni-2\n")]
    [InlineData("resource,requestId,status,groups\r\ni-1,JOB-1/i-1,Failed,sg-a sg-b\r\neni-2,JOB-1/eni-2,open,\r\n")]
    [InlineData("instanceId,resource\ni-of-eni-2,i-1\ni-of-eni-2,eni-2\n")]
    public void The_column_of_resources_is_found(string text)
    {
        var list = Read(text);

        Assert.Empty(list.Problems);
        Assert.Equal(["i-1", "eni-2"], list.Ids);
    }

    [Theory]
    [InlineData("", "ids.csv names no resource; expected an id a line, or a CSV with a column resource, instanceId, networkInterfaceId.")]
    [InlineData(" \n\n,,\n", "ids.csv names no resource;")]
    [InlineData("resource,owner\ni-1,\"ops\ni-2,dev\ni-3,dev\n", "ids.csv(2): a quotation mark is opened and not closed")]
    [InlineData("resource\n\"i-1\n", "ids.csv(2): a quotation mark is opened and not closed")]
    [InlineData("resource,owner\n", "ids.csv has a header and names no resource.")]
    [InlineData("i-1,i-2\n", "ids.csv(1): no column is named resource, instanceId, networkInterfaceId; it has \"i-1\", \"i-2\".")]
    [InlineData("i-1\n\ni-2\ni-1\n", "ids.csv(4): i-1 is named in line 1 already; expected each resource once.")]
    [InlineData("resource\ni-1\nsg-1\n", "ids.csv(3): \"sg-1\" is no resource; expected the id of an instance or a network interface, such as i-bp1… or eni-bp1….")]
    [InlineData("resource,owner\ni-1,a\n,b\n", "ids.csv(3): no resource is named; expected an id in each line.")]
    [InlineData("instanceId,networkInterfaceId\ni-1,eni-1\n", "ids.csv(2): \"i-1\" and \"eni-1\" are both named; expected one resource a line.")]
    [InlineData("owner,resource\n\"two\nlines\",i-1\nb,web\n", "ids.csv(4): \"web\" is no resource;")]
    [InlineData("i-\u001b[31m1\n", "ids.csv(1): \"i-\\u{1b}[31m1\" is no resource;")]
    public void What_is_no_resource_is_said_with_its_line(string text, string sentence) =>
        Assert.StartsWith(sentence, Assert.Single(Read(text).Problems), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_wrong_throughout_is_said_in_a_few_lines()
    {
        var list = Read(string.Join('\n', Enumerable.Range(1, 500).Select(number => $"host-{number}")));

        Assert.Equal(11, list.Problems.Count);
        Assert.Equal("490 more lines are wrong.", list.Problems[^1]);
    }

    [Fact]
    public void Another_encoding_is_said() =>
        Assert.StartsWith("ids.csv is no UTF-8;", Assert.Single(ResourceList.Read(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("i-1")).ToArray(), "ids.csv").Problems), StringComparison.Ordinal);

    [Fact]
    public void Whatever_a_file_says_is_a_list_or_a_sentence() => Gen.String[Gen.Char["iesg-1,;\"\t\r\n =resouc\0"], 0, 80].Sample(text =>
    {
        var list = Read(text);
        Assert.True(list.Problems.Count > 0 || list.Ids.Count > 0);
        Assert.Equal(list.Ids.Distinct(), list.Ids);
        Assert.All(list.Ids, id => Assert.Matches("^(i|eni)-[^\\s]+$", id));
    });

    private static ResourceList Read(string text) => ResourceList.Read(Encoding.UTF8.GetBytes(text), "ids.csv");
}
