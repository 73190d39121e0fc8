"""Columns about the respondent as a person: of every tool, in every header language, in quizzes and legacy forms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.survey.export import PERSONAL_ROLES
from ingest.survey.opening import open_export
from tests.fixtures.survey.generator.container import Value, xlsx
from tests.survey.answers import answers_of

PERSON = "Mihon Sample"
MAIL = "mihon@example.org"
# Beside latitude and longitude they are taken along.
HEIGHTS = ("_place_altitude", "_place_precision")
# Content, and the headers of the columns that must not reach any analyst.
EXPORTS: Mapping[str, tuple[str, list[str]]] = {
    "limesurvey codes": (
        "id,submitdate,lastpage,startlanguage,token,ipaddr,refurl,firstname,lastname,email,participant_id,attribute_1,"
        "attribute_23,Q1\n7,2020-03-02 10:11:12,4,ja,t,1,r,M,S,m,p,x,y,A2\n",
        ["token", "ipaddr", "refurl", "firstname", "lastname", "email", "participant_id", "attribute_1",
         "attribute_23"],
    ),
    "limesurvey texts": (
        "Response ID,Date submitted,Last page,Start language,Access code,IP address,Referrer URL,First name,Last name,"
        "Email address,attribute_1,Attribute 2,firstname,Town [Kobe]\n"
        "7,2020-03-02 10:11:12,4,ja,t,1,r,M,S,m,x,y,z,Yes\n",
        ["Access code", "IP address", "Referrer URL", "First name", "Last name", "Email address", "attribute_1",
         "Attribute 2", "firstname"],
    ),
    "limesurvey lines": (
        "Response_ID,Date_submitted,Last_page,Start_language,Access_code,IP_address,First_name,attribute_1,Your_town\n"
        "7,2020-03-02 10:11:12,4,ja,t,1,M,x,Kobe\n",
        ["Access_code", "IP_address", "First_name", "attribute_1"],
    ),
    "limesurvey japanese": (
        "回答ID,投稿日時,最終ページ,開始言語,トークン,IPアドレス,リンク元URL,メールアドレス,地域\n"
        "7,2020-03-02 10:11:12,4,ja,t,1,r,m,神戸\n",
        ["トークン", "IPアドレス", "リンク元URL", "メールアドレス"],
    ),
    "limesurvey both": (
        "id. Response ID,submitdate. Date submitted,startlanguage. Start language,token. Access code,"
        "ipaddr. IP address,"
        "attribute_1. Salary band,email. Email address,Q1. Town\n7,2020-03-02 10:11:12,ja,t,1,x,m,Kobe\n",
        ["token. Access code", "ipaddr. IP address", "attribute_1. Salary band", "email. Email address"],
    ),
    "qualtrics legacy": (
        "V1,V2,V3,V4,V5,V6,V7,V8,V9,V10,Q1,LocationLatitude,LocationLongitude,LocationAccuracy\n"
        "ResponseID,ResponseSet,Name,ExternalDataReference,EmailAddress,IPAddress,Status,StartDate,EndDate,Finished,"
        "Town,LocationLatitude,LocationLongitude,LocationAccuracy\n"
        "R_mihon1,Default,M,e,m,1,0,2020-03-02 10:00:00,2020-03-02 10:01:00,1,Kobe,1.5,2.5,3\n",
        ["V3", "V4", "V5", "V6", "LocationLatitude", "LocationLongitude", "LocationAccuracy"],
    ),
    "qualtrics two rows": (
        "StartDate,EndDate,IPAddress,ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,"
        "LocationLatitude,LocationLongitude,Q1\nStart Date,End Date,IP Address,Response ID,Recipient Last Name,"
        "Recipient First Name,Recipient Email,External Data Reference,Location Latitude,Location Longitude,Town\n"
        "2020-03-02 10:00:00,2020-03-02 10:01:00,1,R_mihon1,S,M,m,e,1.5,2.5,Kobe\n",
        ["IPAddress", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference",
         "LocationLatitude", "LocationLongitude"],
    ),
    "surveymonkey": (
        "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,"
        "Custom Data 9,Contact,,,,Town\n,,,,,,,,,,Name:,Company:,Email Address:,Phone Number:,Open-Ended Response\n"
        "1,3,03/22/2020 10:00:00 AM,03/22/2020 10:09:41 AM,1,m,M,S,x,y,M,C,m,t,Kobe\n",
        ["IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1", "Custom Data 9",
         "Contact / Name:", "Contact / Email Address:", "Contact / Phone Number:"],
    ),
    "surveymonkey of later years": (
        "respondent_id,collector_id,date_created,date_modified,ip_address,email_address,first_name,last_name,custom_1,"
        "Town\n,,,,,,,,,Open-Ended Response\n1,3,03/22/2020 10:00:00 AM,03/22/2020 10:09:41 AM,1,m,M,S,x,Kobe\n",
        ["ip_address", "email_address", "first_name", "last_name", "custom_1"],
    ),
    "google": (f"Timestamp,Email Address,Town\n3/22/2020 10:00:00,{MAIL},Kobe\n", ["Email Address"]),
    "google quiz": (
        f"タイムスタンプ,スコア,メールアドレス,町\n2020/03/22 10:00:00,3 / 5,{MAIL},神戸\n", ["メールアドレス"],
    ),
    "google in a language nobody listed": (f"Tidsstämpel,E-postadress,Ort\n2020-03-22 10:00:00,{MAIL},Kobe\n",
                                           ["E-postadress"]),
    "google with names alone": ("Timestamp,Username,Town\n3/22/2020 10:00:00,mihon,Kobe\n", ["Username"]),
    "microsoft": (f"ID,Start time,Completion time,Email,Name,Town\n1,3/22/20 10:00:00,3/22/20 10:04:00,{MAIL},"
                  f"{PERSON},Kobe\n", ["Email", "Name"]),
    "microsoft japanese": (
        "ID,開始時刻,完了時刻,メール,名前,町\n"
        f"1,2020/3/22 10:00:00,2020/3/22 10:04:00,{MAIL},{PERSON},神戸\n",
        ["メール", "名前"],
    ),
    "microsoft in a language nobody listed": (
        f"ID,Start time,Completion time,Correo,Quien,Town\n1,3/22/20 10:00:00,3/22/20 10:04:00,{MAIL},{PERSON},Kobe\n",
        ["Correo", "Quien"],
    ),
    "kobo": (
        "start,end,username,deviceid,subscriberid,simserial,phonenumber,email,town,place,_place_latitude,"
        "_place_longitude,_place_altitude,_place_precision,_id,_uuid,_submission_time,_submitted_by,_geolocation,_index"
        "\n2020-03-02T10:00:00,2020-03-02T10:00:00,u,d,s,i,p,m,Kobe,1.5 2.5 0 0,1.5,2.5,0,0,1,u1,2020-03-02T10:00:00,"
        "who,g,1\n",
        ["username", "deviceid", "subscriberid", "simserial", "phonenumber", "email", "place", "_place_latitude",
         "_place_longitude", "_submitted_by", "_geolocation"],
    ),
    "odk": (
        "SubmissionDate,meta-instanceID,username,email,phonenumber,town,place-Latitude,place-Longitude,KEY,SubmitterID,"
        "SubmitterName,DeviceID,FormVersion\n2020-03-02T10:00:00.000Z,uuid:1,u,m,p,Kobe,1.5,2.5,uuid:1,3,who,dev,1\n",
        ["username", "email", "phonenumber", "place-Latitude", "place-Longitude", "SubmitterID", "SubmitterName",
         "DeviceID"],
    ),
    "surveycto": (
        "CompletionDate,SubmissionDate,starttime,endtime,deviceid,subscriberid,simid,devicephonenum,username,duration,"
        "caseid,town,formdef_version,KEY\n"
        "\"Mar 2, 2020 10:00:00 AM\",\"Mar 2, 2020 10:00:00 AM\",,,d,s,i,p,u,3,c,Kobe,1,"
        "uuid:1\n",
        ["deviceid", "subscriberid", "simid", "devicephonenum", "username", "caseid"],
    ),
    "redcap": (
        "record_id,redcap_event_name,redcap_survey_identifier,town,fields___1,form_complete\n1,w1,who,Kobe,1,2\n",
        ["redcap_survey_identifier"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_every_column_about_a_person_has_a_personal_role(name: str, tmp_path: Path) -> None:
    content, expected = EXPORTS[name]
    path = tmp_path / "export.csv"
    path.write_text(content, encoding="utf-8")
    roles = {column.header: column.role for column in open_export(path).columns}
    assert {header: roles[header] for header in expected if roles[header] not in PERSONAL_ROLES} == {}
    assert [
        header for header, role in roles.items() if role in PERSONAL_ROLES and header not in {*expected, *HEIGHTS}
    ] == []


@pytest.mark.parametrize("name", EXPORTS)
def test_what_was_asked_stays_an_answer(name: str, tmp_path: Path) -> None:
    content, _ = EXPORTS[name]
    path = tmp_path / "export.csv"
    path.write_text(content, encoding="utf-8")
    wave = answers_of(path)
    said = {str(each.value) for each in wave.answers} | {str(each.raw) for each in wave.answers}
    assert {"Kobe", "神戸", "A2", "Yes"} & said


@pytest.mark.parametrize(
    "header",
    [
        "Your e-mail",
        "E-mail address",
        "メールアドレス",
        "ご担当者のお名前",
        "電話番号",
        "First name",
        "Nachname",
        "Prénom",
        "氏名",
    ],
)
def test_a_question_for_contact_data_is_personal_where_the_codebook_was_guessed(header: str, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"Timestamp,Town,{header}\n3/22/2020 10:00:00,Kobe,{PERSON}\n", encoding="utf-8")
    wave = answers_of(path)
    assert [each["is_personal"] for each in wave.facts.codebook["questions"]] == [False, True]
    assert PERSON not in str(wave.answers) + str(wave.facts)


def test_a_question_is_no_address_where_somebody_took_the_column_out(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    rows: list[list[Value]] = [
        ["ID", "Start time", "Completion time", "Town", "Field"],
        [1, "2020-03-22 10:00:00", "2020-03-22 10:04:00", "Kobe", "ICT"],
    ]
    path.write_bytes(xlsx({"Sheet1": rows}))
    assert [column.role for column in open_export(path).columns][3:] == ["answer", "answer"]


def test_a_name_stays_one_where_only_the_address_was_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    rows: list[list[Value]] = [
        ["ID", "Start time", "Completion time", "Name", "Town"],
        [1, "2020-03-22 10:00:00", "2020-03-22 10:04:00", PERSON, "Kobe"],
    ]
    path.write_bytes(xlsx({"Sheet1": rows}))
    assert [column.role for column in open_export(path).columns][3:] == ["name", "answer"]
